# Die Seiten einer Anmeldung. { $client } ist der eingetragene Name des Dienstes.

authserver-number-title = Wie lautet Ihre Mobilnummer?
authserver-number-lead = { $client } bittet Sie zu bestätigen, dass Sie es sind.
authserver-number-label = Mobilnummer
authserver-number-hint = Mit Ländervorwahl, zum Beispiel +49 1512 3456789. Danach bestätigen Sie auf diesem Telefon.
authserver-number-error = Das ist keine Telefonnummer. Bitte prüfen Sie die Eingabe und versuchen Sie es noch einmal.

authserver-held-title = Die Nachricht konnte noch nicht gesendet werden
authserver-held-lead = Es ist kein Fehler aufgetreten. Um diese Nummer zu schützen, senden wir ihr nur wenige Nachrichten:
authserver-held-again = Nachricht jetzt senden
authserver-wait = { $seconds ->
    [one] Bitte warten Sie noch eine Sekunde und versuchen Sie es dann wieder.
   *[other] Bitte warten Sie { $seconds } Sekunden und versuchen Sie es dann wieder.
}
authserver-wait-minutes = { $minutes ->
    [one] Bitte warten Sie noch eine Minute und versuchen Sie es dann erneut.
   *[other] Bitte warten Sie etwa { $minutes } Minuten und versuchen Sie es dann erneut.
}
authserver-not-sent = Wir können im Moment keine weitere Nachricht senden. Bitte verwenden Sie die vorhandene oder versuchen Sie es in einer Minute noch einmal.

authserver-prompt-lead = { $client } bittet Sie zu bestätigen, dass Sie es sind.
authserver-prompt-again = Weitere Nachricht senden
authserver-prompt-title = Bestätigen Sie, dass Sie es sind
authserver-prompt-waiting = Wir warten auf Ihre Antwort …
authserver-prompt-other-way = Anderen Weg wählen
authserver-again-soon = Gleich können Sie eine neue Nachricht anfordern.
authserver-context = Was Sie bestätigen sollen
authserver-binding-message = Vergleichen Sie mit der Anzeige auf dem anderen Gerät

authserver-consent-title = Mit { $client } teilen?
authserver-consent-lead = { $client } bittet uns um folgende Angaben über Sie:
authserver-consent-note = Nur { $client } erhält sie, und nur, was hier steht. Sie können Ihre Einwilligung jederzeit über Ihren Mobilfunkanbieter widerrufen.
authserver-consent-agree = Zustimmen und weiter
authserver-consent-refuse = Nicht teilen
authserver-share-profile-name = Profil
authserver-share-profile-text = Ihre Namen und Ihr Benutzername, Geburtsdatum, Geschlecht, Bild und Seiten, Sprache und Zeitzone
authserver-share-email-name = E-Mail
authserver-share-email-text = Ihre E-Mail-Adresse
authserver-share-address-name = Anschrift
authserver-share-address-text = Ihre Postanschrift
authserver-share-phone-name = Telefonnummer
authserver-share-phone-text = Ihre Mobilnummer
authserver-share-mc_identity_phonenumber-name = Telefonnummer
authserver-share-mc_identity_phonenumber-text = Ihre Mobilnummer
authserver-share-mc_identity_phonenumber_hashed-name = Telefonnummer als Fingerabdruck
authserver-share-mc_identity_phonenumber_hashed-text = ein aus Ihrer Mobilnummer berechneter Code, der immer gleich ist
authserver-share-mc_identity_signup-name = Anmeldedaten
authserver-share-mc_identity_signup-text = Ihr Name, Ihre Anschrift, Ihre E-Mail-Adresse und eine weitere Telefonnummer
authserver-share-mc_identity_signupplus-name = Anmeldedaten
authserver-share-mc_identity_signupplus-text = Ihr Name, Ihre Anschrift, Ihre E-Mail-Adresse und eine weitere Telefonnummer
authserver-share-mc_identity_nationalid-name = Identität
authserver-share-mc_identity_nationalid-text = Ihr Name, Ihre Anschrift, Ihr Geburtsdatum, Ihre nationale Identitätsnummer, Ihre Telefonnummer und Ihre E-Mail-Adresse
authserver-share-mc_phonenumber-name = Telefonnummer
authserver-share-mc_phonenumber-text = Ihre Mobilnummer
authserver-share-mc_signup-name = Anmeldedaten
authserver-share-mc_signup-text = Ihr Name, Ihre Anschrift, Ihre E-Mail-Adresse und eine weitere Telefonnummer
authserver-share-mc_nationalid-name = Identität
authserver-share-mc_nationalid-text = Ihr Name, Ihre Anschrift, Ihr Geburtsdatum, Ihre nationale Identitätsnummer, Ihre Telefonnummer und Ihre E-Mail-Adresse
authserver-share-mc_kyc_plain-name = Prüfung Ihrer Daten
authserver-share-mc_kyc_plain-text = ob der Name, die Anschrift und das Geburtsdatum, die er schon hat, die uns bekannten sind, die Art Ihres Vertrags, ob er genutzt wird und ob Ihr Telefon als verloren oder gestohlen gemeldet wurde
authserver-share-mc_kyc_hashed-name = Prüfung Ihrer Daten
authserver-share-mc_kyc_hashed-text = ob der Name, die Anschrift und das Geburtsdatum, die er schon hat, die uns bekannten sind, die Art Ihres Vertrags, ob er genutzt wird und ob Ihr Telefon als verloren oder gestohlen gemeldet wurde
authserver-share-mc_mnv_validate-name = Prüfung Ihrer Nummer
authserver-share-mc_mnv_validate-text = ein aus Ihrer Mobilnummer berechneter Code, mit dem er die Nummer prüft, die er schon hat
authserver-share-mc_mnv_validate_plus-name = Prüfung Ihrer Nummer
authserver-share-mc_mnv_validate_plus-text = ein aus Ihrer Mobilnummer berechneter Code, mit dem er die Nummer prüft, die er schon hat
authserver-share-mc_vm_match-name = Prüfung Ihrer Nummer
authserver-share-mc_vm_match-text = ob die Nummer, die er schon hat, die Nummer dieses Telefons ist
authserver-share-mc_vm_match_hash-name = Prüfung Ihrer Nummer
authserver-share-mc_vm_match_hash-text = ob die Nummer, die er schon hat, die Nummer dieses Telefons ist
authserver-share-mc_attr_vm_match-name = Prüfung Ihrer Nummer
authserver-share-mc_attr_vm_match-text = ob die Nummer, die er schon hat, die Nummer dieses Telefons ist
authserver-share-mc_attr_vm_match_hash-name = Prüfung Ihrer Nummer
authserver-share-mc_attr_vm_match_hash-text = ob die Nummer, die er schon hat, die Nummer dieses Telefons ist
authserver-share-offline_access-name = Zugriff in Ihrer Abwesenheit
authserver-share-offline_access-text = was Sie hier teilen, auch später lesen, wenn Sie den Dienst nicht benutzen

authserver-finished-title = Hier sind Sie fertig
authserver-finished-text = Diese Anmeldung ist abgeschlossen. Bitte machen Sie in dem Dienst weiter, von dem Sie kommen, oder beginnen Sie dort neu.
authserver-again-title = Bitte beginnen Sie neu
authserver-again-text = Diese Anmeldung ist in diesem Browser nicht mehr offen: Vielleicht hat sie zu lange gedauert oder in einem anderen Browser begonnen. Es wurden keine Daten weitergegeben. Bitte beginnen Sie in dem Dienst neu, von dem Sie kommen.
authserver-unaddressed-title = Wir wissen nicht, wer Sie hierher geschickt hat
authserver-unaddressed-text = Der Dienst, von dem Sie kommen, ist nicht richtig eingerichtet. Deshalb können wir Sie nicht von selbst zurückleiten. Es wurden keine Daten weitergegeben. Bitte gehen Sie zurück und informieren Sie den Dienst.
authserver-return-title = Zurück zum Dienst
authserver-return-text = Wenn nichts geschieht, drücken Sie bitte die Schaltfläche.

authserver-logout-title = Abmelden?
authserver-logout-text = Wenn Sie sich das nächste Mal in diesem Browser anmelden, müssen Sie es mit Ihrem Telefon bestätigen.
authserver-logout-confirm = Abmelden
authserver-signed-out-title = Sie sind abgemeldet
authserver-signed-out-text = Die Anmeldung in diesem Browser ist beendet. Sie können diese Seite schließen.
authserver-signed-out-no-return = Die Anmeldung in diesem Browser ist beendet. Die Website, von der Sie kommen, wollte Sie an eine Adresse leiten, die sie nicht eingetragen hat. Sie können diese Seite schließen.
