# Einmalcode per Textnachricht.

# Die Nachricht. Ein Segment: nur Zeichen des GSM-Alphabets, zu dem Umlaute gehören.
sms-otp-message = { $code } ist Ihr Code für { $client }. Geben Sie ihn niemals weiter.
sms-otp-message-details = { $code } ist Ihr Code für { $client } ({ $details }). Geben Sie ihn niemals weiter.

# Die Seite.
sms-otp-heading = Code eingeben
sms-otp-sent = Wir senden einen { $digits }-stelligen Code in einer Textnachricht an
sms-otp-label = Code aus der Textnachricht
sms-otp-hint = Das kann eine Minute dauern. Der Code gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
}.
sms-otp-wrong = Das ist nicht der Code. { $attempts ->
    [one] Sie haben noch einen Versuch.
   *[other] Sie haben noch { $attempts } Versuche.
}
sms-otp-expired = Dieser Code ist abgelaufen. Bitte fordern Sie einen neuen an.
