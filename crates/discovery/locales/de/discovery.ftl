# Die Seite, auf der jemand sagt, bei welchem Anbieter er ist.

discovery-select-title = Wer ist Ihr Mobilfunkanbieter?
discovery-select-lead = Wir müssen wissen, welcher Anbieter bestätigen kann, dass Sie es sind.
discovery-number-label = Ihre Mobilnummer
discovery-number-hint = Mit Ländervorwahl, zum Beispiel +49 1512 3456789. Sie verrät uns Ihren Anbieter; der Dienst bekommt sie nicht zu sehen.
discovery-number-wrong = Diese Nummer ist nicht vollständig. Beginnen Sie mit + und der Ländervorwahl.
discovery-number-unknown = Zu dieser Nummer wurde kein Anbieter gefunden. Bitte wählen Sie Ihren aus der Liste.
discovery-number-too-many = Es wurden zu viele Nummern versucht. Bitte wählen Sie Ihren Anbieter aus der Liste.
discovery-choice-title = Oder wählen Sie Ihren Anbieter
discovery-choice-legend = Anbieter
discovery-country-label = Land Ihres Anbieters
discovery-country-show = Anbieter anzeigen
discovery-choice-missing = Bitte wählen Sie einen dieser Anbieter.
discovery-lapsed-title = Diese Seite ist abgelaufen
discovery-lapsed-text = Bitte gehen Sie zu dem Dienst zurück, von dem Sie kommen, und beginnen Sie neu.
