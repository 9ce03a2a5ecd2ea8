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

# Die Nachricht mit einem Link, der auf eigener Zeile folgt. Ein Segment, wie oben.
sms-url-message = { $client } bittet um Bestätigung. Nur öffnen, wenn Sie das waren. Niemals weitergeben:
sms-url-message-details = { $client } bittet um Bestätigung ({ $details }). Nur öffnen, wenn Sie das waren. Niemals weitergeben:

# Die Nachricht mit beidem.
sms-otp-url-message = { $code } ist Ihr Code für { $client }. Oder öffnen Sie den Link. Nie weitergeben.
sms-otp-url-message-details = { $code } ist Ihr Code für { $client } ({ $details }). Oder öffnen Sie den Link. Nie weitergeben.

# Die Warteseite zu einem Link.
sms-url-heading = Öffnen Sie den Link auf Ihrem Telefon
sms-url-sent = Wir senden einen Link in einer Textnachricht an
sms-url-hint = Das kann eine Minute dauern. Der Link gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
}. Diese Seite geht von selbst weiter.
sms-url-number = Wählen Sie dort diese Zahl
sms-url-expired = Dieser Link ist abgelaufen. Bitte fordern Sie einen neuen an.

# Die Warteseite zu beidem.
sms-otp-url-heading = Link öffnen oder Code eingeben
sms-otp-url-sent = Wir senden einen { $digits }-stelligen Code und einen Link in einer Textnachricht an
sms-otp-url-hint = Das kann eine Minute dauern. Beides gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
}.
sms-otp-url-number = Öffnen Sie den Link auf Ihrem Telefon und wählen Sie dort diese Zahl
sms-otp-url-expired = Diese Nachricht ist abgelaufen. Bitte fordern Sie eine neue an.

# Was aus der Nachricht wurde.
sms-accepted = Die Nachricht wurde gesendet.
sms-delivered = Die Nachricht ist auf Ihrem Telefon.
sms-undelivered = Die Nachricht konnte nicht zugestellt werden.

# Die Seite hinter dem Link, auf dem Telefon.
sms-link-heading = Sind Sie das?
sms-link-heading-transaction = Stimmen Sie zu?
sms-link-lead = { $client } fragt, ob Sie es sind, der sich gerade anmeldet.
sms-link-lead-transaction = { $client } bittet um Ihre Zustimmung:
sms-link-context = Wofür
sms-link-binding-message = Auch auf Ihrem anderen Bildschirm
sms-link-when = Begonnen
sms-link-started = { $minutes ->
    [0] gerade eben
    [one] vor einer Minute
   *[other] vor { $minutes } Minuten
}
sms-link-device-handset = ein Telefon
sms-link-device-other = ein Computer oder ein anderes Gerät
sms-link-device = Gerät
sms-link-country = Land
sms-link-shares = Außerdem wird nach Daten über Sie gefragt. Darüber entscheiden Sie danach, auf Ihrem anderen Bildschirm.
sms-link-question = Welche Zahl zeigt Ihr anderer Bildschirm?
sms-link-question-transaction = Mit der Auswahl stimmen Sie zu.
sms-link-warning = Hat Ihnen jemand eine Zahl genannt, oder haben Sie nichts begonnen, dann ist es Betrug: Lehnen Sie ab.
sms-link-approve = Ja, das bin ich
sms-link-approve-transaction = Ja, ich stimme zu
sms-link-deny = Nein, abbrechen
sms-link-report = Ich habe das nicht begonnen
sms-link-done-title = Fertig
sms-link-done-text = Kehren Sie zu Ihrem anderen Bildschirm zurück. Sie können diese Seite schließen.
sms-link-done-here-title = Fertig
sms-link-done-here-text = Es geht gleich weiter.
sms-link-denied-title = Abgebrochen
sms-link-denied-text = Niemand wurde angemeldet. Sie können diese Seite schließen.
sms-link-reported-title = Abgebrochen und gemeldet
sms-link-reported-text = Niemand wurde angemeldet. Öffnen Sie keine weiteren Nachrichten, um die Sie nicht gebeten haben, und leiten Sie keine weiter. Sie können diese Seite schließen.
sms-link-stopped-title = Zu Ihrer Sicherheit abgebrochen
sms-link-stopped-text = Niemand wurde angemeldet. Wenn Sie es waren, beginnen Sie auf Ihrem anderen Bildschirm von vorn und wählen Sie die Zahl, die er zeigt.
sms-link-gone-title = Dieser Link gilt nicht mehr
sms-link-gone-text = Er wurde schon benutzt, ist zu alt oder hat nie gegolten. Wenn Sie gerade geantwortet haben, kehren Sie zu Ihrem anderen Bildschirm zurück. Sonst fordern Sie dort eine neue Nachricht an.
sms-link-unavailable-title = Im Moment nicht
sms-link-unavailable-text = Wir können diesen Link gerade nicht öffnen. Laden Sie die Seite in einigen Sekunden neu.
sms-link-again = Neu laden
