# Les pages d’une connexion. { $client } est le nom enregistré du service.

authserver-number-title = Quel est votre numéro de mobile ?
authserver-number-lead = { $client } vous demande de confirmer que c’est bien vous.
authserver-number-label = Numéro de mobile
authserver-number-hint = Avec l’indicatif du pays, par exemple +33 6 39 98 00 01. Vous confirmerez ensuite sur ce téléphone.
authserver-number-error = Ceci n’est pas un numéro de téléphone. Veuillez le vérifier et réessayer.

authserver-held-title = Le message n’a pas encore pu être envoyé
authserver-held-lead = Il n’y a pas d’erreur. Pour protéger ce numéro, nous ne lui envoyons que quelques messages :
authserver-held-again = Envoyer le message maintenant
authserver-wait = { $seconds ->
    [one] Veuillez patienter encore { $seconds } seconde, puis réessayer.
   *[other] Veuillez patienter { $seconds } secondes, puis réessayer.
}
authserver-wait-minutes = { $minutes ->
    [one] Patientez encore une minute, puis réessayez.
   *[other] Patientez environ { $minutes } minutes, puis réessayez.
}
authserver-not-sent = Nous ne pouvons pas envoyer d’autre message pour le moment. Utilisez celui que vous avez ou réessayez dans une minute.

authserver-prompt-lead = { $client } vous demande de confirmer que c’est bien vous.
authserver-prompt-again = Envoyer un autre message
authserver-prompt-title = Confirmez que c’est bien vous
authserver-prompt-waiting = En attente de votre réponse…
authserver-prompt-other-way = Utiliser un autre moyen
authserver-again-soon = Vous pourrez demander un autre message dans un instant.
authserver-context = Ce qu’il vous est demandé de confirmer
authserver-binding-message = Comparez avec ce qu’affiche l’autre écran

authserver-consent-title = Partager avec { $client } ?
authserver-consent-lead = { $client } nous demande les données suivantes vous concernant :
authserver-consent-note = Seul { $client } les reçoit, et uniquement ce qui figure ici. Vous pouvez retirer votre consentement à tout moment auprès de votre opérateur.
authserver-consent-agree = Accepter et continuer
authserver-consent-refuse = Ne pas partager
authserver-share-profile-name = Profil
authserver-share-profile-text = vos noms et votre nom d’utilisateur, date de naissance, genre, photo et pages, langue et fuseau horaire
authserver-share-email-name = E-mail
authserver-share-email-text = votre adresse e-mail
authserver-share-address-name = Adresse
authserver-share-address-text = votre adresse postale
authserver-share-phone-name = Téléphone
authserver-share-phone-text = votre numéro de mobile
authserver-share-mc_identity_phonenumber-name = Téléphone
authserver-share-mc_identity_phonenumber-text = votre numéro de mobile
authserver-share-mc_identity_phonenumber_hashed-name = Empreinte de votre numéro
authserver-share-mc_identity_phonenumber_hashed-text = un code calculé à partir de votre numéro de mobile, toujours le même
authserver-share-mc_identity_signup-name = Données d’inscription
authserver-share-mc_identity_signup-text = votre nom, votre adresse, votre adresse e-mail et un autre numéro de téléphone
authserver-share-mc_identity_signupplus-name = Données d’inscription
authserver-share-mc_identity_signupplus-text = votre nom, votre adresse, votre adresse e-mail et un autre numéro de téléphone
authserver-share-mc_identity_nationalid-name = Identité
authserver-share-mc_identity_nationalid-text = votre nom, votre adresse, votre date de naissance, votre numéro d’identité national, votre téléphone et votre adresse e-mail
authserver-share-mc_phonenumber-name = Téléphone
authserver-share-mc_phonenumber-text = votre numéro de mobile
authserver-share-mc_signup-name = Données d’inscription
authserver-share-mc_signup-text = votre nom, votre adresse, votre adresse e-mail et un autre numéro de téléphone
authserver-share-mc_nationalid-name = Identité
authserver-share-mc_nationalid-text = votre nom, votre adresse, votre date de naissance, votre numéro d’identité national, votre téléphone et votre adresse e-mail
authserver-share-mc_kyc_plain-name = Vérification de vos données
authserver-share-mc_kyc_plain-text = si le nom, l’adresse et la date de naissance qu’il possède déjà sont ceux que nous connaissons, le type de votre contrat, s’il est utilisé et si votre téléphone a été déclaré perdu ou volé
authserver-share-mc_kyc_hashed-name = Vérification de vos données
authserver-share-mc_kyc_hashed-text = si le nom, l’adresse et la date de naissance qu’il possède déjà sont ceux que nous connaissons, le type de votre contrat, s’il est utilisé et si votre téléphone a été déclaré perdu ou volé
authserver-share-mc_mnv_validate-name = Vérification de votre numéro
authserver-share-mc_mnv_validate-text = un code calculé à partir de votre numéro de mobile, avec lequel il vérifie le numéro qu’il possède déjà
authserver-share-mc_mnv_validate_plus-name = Vérification de votre numéro
authserver-share-mc_mnv_validate_plus-text = un code calculé à partir de votre numéro de mobile, avec lequel il vérifie le numéro qu’il possède déjà
authserver-share-mc_vm_match-name = Vérification de votre numéro
authserver-share-mc_vm_match-text = si le numéro qu’il possède déjà est celui de ce téléphone
authserver-share-mc_vm_match_hash-name = Vérification de votre numéro
authserver-share-mc_vm_match_hash-text = si le numéro qu’il possède déjà est celui de ce téléphone
authserver-share-mc_attr_vm_match-name = Vérification de votre numéro
authserver-share-mc_attr_vm_match-text = si le numéro qu’il possède déjà est celui de ce téléphone
authserver-share-mc_attr_vm_match_hash-name = Vérification de votre numéro
authserver-share-mc_attr_vm_match_hash-text = si le numéro qu’il possède déjà est celui de ce téléphone
authserver-share-offline_access-name = Accès en votre absence
authserver-share-offline_access-text = lire ce que vous partagez ici aussi plus tard, quand vous n’utilisez pas le service

authserver-finished-title = Vous avez terminé ici
authserver-finished-text = Cette connexion est terminée. Continuez dans le service d’où vous venez, ou recommencez depuis celui-ci.
authserver-again-title = Recommençons
authserver-again-text = Cette connexion n’est plus ouverte dans ce navigateur : elle a peut-être duré trop longtemps ou commencé dans un autre navigateur. Aucune donnée n’a été partagée. Veuillez recommencer depuis le service d’où vous venez.
authserver-unaddressed-title = Nous ne savons pas qui vous envoie
authserver-unaddressed-text = Le service d’où vous venez n’est pas correctement configuré, et nous ne pouvons pas vous y renvoyer. Aucune donnée n’a été partagée. Revenez en arrière et signalez-le au service.
authserver-return-title = Retour au service
authserver-return-text = Si rien ne se passe, appuyez sur le bouton.

authserver-logout-title = Se déconnecter ?
authserver-logout-text = La prochaine fois que vous vous connecterez depuis ce navigateur, vous devrez confirmer avec votre téléphone.
authserver-logout-confirm = Se déconnecter
authserver-signed-out-title = Vous êtes déconnecté
authserver-signed-out-text = La session de ce navigateur est terminée. Vous pouvez fermer cette page.
authserver-signed-out-no-return = La session de ce navigateur est terminée. Le site d’où vous venez a demandé à vous envoyer vers une adresse qu’il n’a pas enregistrée. Vous pouvez fermer cette page.
