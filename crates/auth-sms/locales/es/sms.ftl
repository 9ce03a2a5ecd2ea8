# Clave de un solo uso por mensaje de texto.

# El mensaje. Un segmento: solo caracteres del alfabeto GSM, por eso sin tildes.
sms-otp-message = { $code } es tu clave para { $client }. No la compartas con nadie.
sms-otp-message-details = { $code } es tu clave para { $client } ({ $details }). No la compartas con nadie.

# La página.
sms-otp-heading = Escribe la clave
sms-otp-sent = Enviamos una clave de { $digits } cifras en un mensaje de texto al
sms-otp-label = Clave del mensaje de texto
sms-otp-hint = Puede tardar un minuto. La clave sirve durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}.
sms-otp-wrong = Esa no es la clave. { $attempts ->
    [one] Te queda un intento.
   *[other] Te quedan { $attempts } intentos.
}
sms-otp-expired = Esta clave ya no sirve. Pide una nueva.
