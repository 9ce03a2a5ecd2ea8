# Textes du cadre de la page et des pages communes.

page-skip = Aller au contenu
page-footer = Service d’identité de { $operator }
page-start-again = Recommencer
page-go-back = Retour
page-continue = Continuer
page-cancel = Annuler
page-or = ou
page-reference = Référence : { $id }

page-error-title = Cela n’a pas fonctionné
page-error-text = Un problème est survenu de notre côté. Aucune donnée n’a été partagée. Veuillez recommencer depuis le service d’où vous venez.
page-not-found-title = Il n’y a rien ici
page-not-found-text = L’adresse est peut-être ancienne ou mal saisie. Veuillez recommencer depuis le service d’où vous venez.
page-busy-title = Un instant, s’il vous plaît
page-busy-text = Beaucoup de personnes se connectent en ce moment. Veuillez réessayer dans une minute.
