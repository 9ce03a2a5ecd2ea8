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
