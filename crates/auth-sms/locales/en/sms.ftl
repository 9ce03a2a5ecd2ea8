# One-time code by text message.

# The message. One segment: use only characters of the GSM alphabet.
sms-otp-message = { $code } is your code for { $client }. Never share it with anyone.
sms-otp-message-details = { $code } is your code for { $client } ({ $details }). Never share it with anyone.

# The page.
sms-otp-heading = Enter the code
sms-otp-sent = We are sending a { $digits }-digit code in a text message to
sms-otp-label = Code from the text message
sms-otp-hint = It can take a minute. The code is good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
sms-otp-wrong = That is not the code. { $attempts ->
    [one] You have one more try.
   *[other] You have { $attempts } more tries.
}
sms-otp-expired = This code is too old. Ask for a new one.
