# La page où une personne indique son opérateur.

discovery-select-title = Quel est votre opérateur mobile ?
discovery-select-lead = Nous devons savoir quel opérateur peut confirmer que c’est bien vous.
discovery-number-label = Votre numéro de mobile
discovery-number-hint = Avec l’indicatif du pays, par exemple +33 6 39 98 00 01. Il nous indique votre opérateur ; le service ne le voit pas.
discovery-number-wrong = Ce numéro n’est pas complet. Commencez par + et l’indicatif du pays.
discovery-number-unknown = Aucun opérateur trouvé pour ce numéro. Choisissez le vôtre dans la liste.
discovery-number-too-many = Trop de numéros ont été essayés. Choisissez votre opérateur dans la liste.
discovery-choice-title = Ou choisissez votre opérateur
discovery-choice-legend = Opérateurs
discovery-country-label = Pays de votre opérateur
discovery-country-show = Afficher les opérateurs
discovery-choice-missing = Veuillez choisir l’un de ces opérateurs.
discovery-lapsed-title = Cette page a expiré
discovery-lapsed-text = Revenez au service d’où vous venez et recommencez.
