# Code à usage unique par SMS.

# Le message. Un segment : seulement des caractères de l’alphabet GSM, donc é è à ù, mais ni ê ni ç.
sms-otp-message = { $code } est votre code pour { $client }. Ne le communiquez à personne.
sms-otp-message-details = { $code } est votre code pour { $client } ({ $details }). Ne le communiquez à personne.

# La page.
sms-otp-heading = Saisissez le code
sms-otp-sent = Nous envoyons un code à { $digits } chiffres par SMS au
sms-otp-label = Code reçu par SMS
sms-otp-hint = Cela peut prendre une minute. Le code est valable { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}.
sms-otp-wrong = Ce n’est pas le bon code. { $attempts ->
    [one] Il vous reste un essai.
   *[other] Il vous reste { $attempts } essais.
}
sms-otp-expired = Ce code n’est plus valable. Demandez-en un nouveau.

# Le message avec un lien, qui suit sur sa propre ligne. Un segment, comme plus haut.
sms-url-message = { $client } vous demande de confirmer. N'ouvrez ce lien que si c'est vous, et ne le transférez jamais :
sms-url-message-details = { $client } vous demande de confirmer ({ $details }). N'ouvrez ce lien que si c'est vous, et ne le transférez jamais :

# Le message avec les deux.
sms-otp-url-message = { $code } est votre code pour { $client }. Ou ouvrez le lien. Ne les partagez pas.
sms-otp-url-message-details = { $code } est votre code pour { $client } ({ $details }). Ou ouvrez le lien. Ne les partagez pas.

# La page d’attente d’un lien.
sms-url-heading = Ouvrez le lien sur votre téléphone
sms-url-sent = Nous envoyons un lien par SMS au
sms-url-hint = Cela peut prendre une minute. Le lien est valable { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}. Cette page avance toute seule.
sms-url-number = Choisissez-y ce nombre
sms-url-expired = Ce lien n’est plus valable. Demandez-en un nouveau.

# La page d’attente des deux.
sms-otp-url-heading = Ouvrez le lien ou saisissez le code
sms-otp-url-sent = Nous envoyons un code à { $digits } chiffres et un lien par SMS au
sms-otp-url-hint = Cela peut prendre une minute. Les deux sont valables { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}.
sms-otp-url-number = Ouvrez le lien sur votre téléphone et choisissez-y ce nombre
sms-otp-url-expired = Ce message n’est plus valable. Demandez-en un nouveau.

# Ce qu’est devenu le message.
sms-accepted = Le message a été envoyé.
sms-delivered = Le message est sur votre téléphone.
sms-undelivered = Le message n’a pas pu être remis.

# La page du lien, sur le téléphone.
sms-link-heading = Est-ce vous ?
sms-link-heading-transaction = Êtes-vous d’accord ?
sms-link-lead = { $client } demande si c’est vous qui êtes en train de vous connecter.
sms-link-lead-transaction = { $client } vous demande d’accepter ceci :
sms-link-context = Pour quoi
sms-link-binding-message = Aussi sur votre autre écran
sms-link-when = Début
sms-link-started = { $minutes ->
    [0] à l’instant
    [one] il y a une minute
   *[other] il y a { $minutes } minutes
}
sms-link-device-handset = un téléphone
sms-link-device-other = un ordinateur ou un autre appareil
sms-link-device = Appareil
sms-link-country = Pays
sms-link-shares = Des données vous concernant sont aussi demandées. Vous en déciderez ensuite, sur votre autre écran.
sms-link-question = Quel nombre votre autre écran affiche-t-il ?
sms-link-question-transaction = En le choisissant, vous acceptez.
sms-link-warning = Si quelqu’un vous a dicté un nombre, ou si vous n’avez rien commencé, c’est une fraude : refusez.
sms-link-approve = Oui, c’est moi
sms-link-approve-transaction = Oui, j’accepte
sms-link-deny = Non, arrêter
sms-link-report = Je n’ai pas commencé cela
sms-link-done-title = Terminé
sms-link-done-text = Revenez à votre autre écran. Vous pouvez fermer cette page.
sms-link-done-here-title = Terminé
sms-link-done-here-text = Vous allez continuer.
sms-link-denied-title = Arrêté
sms-link-denied-text = Personne n’a été connecté. Vous pouvez fermer cette page.
sms-link-reported-title = Arrêté et signalé
sms-link-reported-text = Personne n’a été connecté. N’ouvrez pas et ne transférez pas d’autres messages que vous n’avez pas demandés. Vous pouvez fermer cette page.
sms-link-stopped-title = Arrêté pour votre sécurité
sms-link-stopped-text = Personne n’a été connecté. Si c’était vous, recommencez sur votre autre écran et choisissez le nombre qu’il affiche.
sms-link-gone-title = Ce lien n’est plus valable
sms-link-gone-text = Il a déjà servi, il est trop ancien ou il n’a jamais existé. Si vous venez de répondre, revenez à votre autre écran. Sinon, demandez-y un nouveau message.
sms-link-unavailable-title = Pas maintenant
sms-link-unavailable-text = Nous ne pouvons pas ouvrir ce lien pour le moment. Rechargez la page dans quelques secondes.
sms-link-again = Recharger
