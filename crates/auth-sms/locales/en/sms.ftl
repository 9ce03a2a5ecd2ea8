# Authentication by text message: code, link, or both.

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

# The message with a link: the link follows on a line of its own. One segment, as above.
sms-url-message = { $client } asks you to confirm. Open this link only if it was you, and never forward it:
sms-url-message-details = { $client } asks you to confirm ({ $details }). Open this link only if it was you, and never forward it:

# The message with both.
sms-otp-url-message = { $code } is your code for { $client }. Or open the link. Never share them.
sms-otp-url-message-details = { $code } is your code for { $client } ({ $details }). Or open the link. Never share them.

# The waiting page of a link.
sms-url-heading = Open the link on your phone
sms-url-sent = We are sending a link in a text message to
sms-url-hint = It can take a minute. The link is good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}. This page goes on by itself.
sms-url-number = Choose this number there
sms-url-expired = This link is too old. Ask for a new one.

# The waiting page of both.
sms-otp-url-heading = Open the link or enter the code
sms-otp-url-sent = We are sending a { $digits }-digit code and a link in a text message to
sms-otp-url-hint = It can take a minute. Both are good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
sms-otp-url-number = Open the link on your phone and choose this number there
sms-otp-url-expired = This message is too old. Ask for a new one.

# What became of the message.
sms-accepted = The message was sent.
sms-delivered = The message is on your phone.
sms-undelivered = The message could not be delivered.

# The page behind the link, on the phone.
sms-link-heading = Is this you?
sms-link-heading-transaction = Do you agree?
sms-link-lead = { $client } asks whether it is you who is signing in.
sms-link-lead-transaction = { $client } asks you to agree to this:
sms-link-context = What for
sms-link-binding-message = Also on your other screen
sms-link-when = Started
sms-link-started = { $minutes ->
    [0] just now
    [one] one minute ago
   *[other] { $minutes } minutes ago
}
sms-link-device-handset = a phone
sms-link-device-other = a computer or another device
sms-link-device = Device
sms-link-country = Country
sms-link-shares = It also asks for data about you. You decide on that afterwards, on your other screen.
sms-link-question = Which number does your other screen show?
sms-link-question-transaction = By choosing it you agree.
sms-link-warning = If somebody told you a number, or you started nothing, it is fraud: say no.
sms-link-approve = Yes, it is me
sms-link-approve-transaction = Yes, I agree
sms-link-deny = No, stop
sms-link-report = I did not start this
sms-link-done-title = Done
sms-link-done-text = Return to your other screen. You can close this page.
sms-link-done-here-title = Done
sms-link-done-here-text = You are being led on.
sms-link-denied-title = Stopped
sms-link-denied-text = Nobody was signed in. You can close this page.
sms-link-reported-title = Stopped and reported
sms-link-reported-text = Nobody was signed in. Do not open or forward further messages that you did not ask for. You can close this page.
sms-link-stopped-title = Stopped for your safety
sms-link-stopped-text = Nobody was signed in. If it was you, start again on your other screen and choose the number that it shows.
sms-link-gone-title = This link is no longer good
sms-link-gone-text = It has been used, it is too old, or it never existed. If you have just answered, return to your other screen. Otherwise ask for a new message there.
sms-link-unavailable-title = Not now
sms-link-unavailable-text = We cannot open this link at the moment. Load the page again in a few seconds.
sms-link-again = Load again
