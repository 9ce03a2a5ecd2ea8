# Wörter des Seitenrahmens und gemeinsamer Seiten.

page-skip = Zum Inhalt springen
page-footer = Identitätsdienst von { $operator }
page-start-again = Neu beginnen
page-go-back = Zurück
page-continue = Weiter
page-cancel = Abbrechen
page-or = oder
page-reference = Referenz: { $id }

page-error-title = Das hat nicht funktioniert
page-error-text = Bei uns ist etwas schiefgegangen. Es wurden keine Daten weitergegeben. Bitte beginnen Sie in dem Dienst neu, von dem Sie kommen.
page-not-found-title = Hier ist nichts
page-not-found-text = Die Adresse ist vielleicht veraltet oder falsch geschrieben. Bitte beginnen Sie in dem Dienst neu, von dem Sie kommen.
page-busy-title = Einen Moment bitte
page-busy-text = Gerade melden sich viele Menschen an. Bitte versuchen Sie es in einer Minute noch einmal.
