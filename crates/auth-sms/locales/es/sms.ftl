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

# El mensaje con un enlace, que va en su propia línea. Un segmento, como arriba.
sms-url-message = { $client } te pide confirmar. Abre este enlace solo si lo has pedido y no lo reenvies:
sms-url-message-details = { $client } te pide confirmar ({ $details }). Abre este enlace solo si lo has pedido y no lo reenvies:

# El mensaje con ambos.
sms-otp-url-message = { $code } es tu clave para { $client }. O abre el enlace. No los compartas.
sms-otp-url-message-details = { $code } es tu clave para { $client } ({ $details }). O abre el enlace. No los compartas.

# La página de espera de un enlace.
sms-url-heading = Abre el enlace en tu teléfono
sms-url-sent = Enviamos un enlace en un mensaje de texto al
sms-url-hint = Puede tardar un minuto. El enlace sirve durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}. Esta página avanza sola.
sms-url-number = Elige allí este número
sms-url-expired = Este enlace ya no sirve. Pide uno nuevo.

# La página de espera de ambos.
sms-otp-url-heading = Abre el enlace o escribe la clave
sms-otp-url-sent = Enviamos una clave de { $digits } cifras y un enlace en un mensaje de texto al
sms-otp-url-hint = Puede tardar un minuto. Ambos sirven durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}.
sms-otp-url-number = Abre el enlace en tu teléfono y elige allí este número
sms-otp-url-expired = Este mensaje ya no sirve. Pide uno nuevo.

# Qué ha sido del mensaje.
sms-accepted = El mensaje se ha enviado.
sms-delivered = El mensaje está en tu teléfono.
sms-undelivered = El mensaje no se ha podido entregar.

# La página del enlace, en el teléfono.
sms-link-heading = ¿Eres tú?
sms-link-heading-transaction = ¿Estás de acuerdo?
sms-link-lead = { $client } pregunta si eres tú quien está iniciando sesión.
sms-link-lead-transaction = { $client } te pide que aceptes esto:
sms-link-context = Para qué
sms-link-binding-message = También en tu otra pantalla
sms-link-when = Inicio
sms-link-started = { $minutes ->
    [0] ahora mismo
    [one] hace un minuto
   *[other] hace { $minutes } minutos
}
sms-link-device-handset = un teléfono
sms-link-device-other = un ordenador u otro aparato
sms-link-device = Aparato
sms-link-country = País
sms-link-shares = También pide datos tuyos. Sobre eso decides después, en tu otra pantalla.
sms-link-question = ¿Qué número muestra tu otra pantalla?
sms-link-question-transaction = Al elegirlo, aceptas.
sms-link-warning = Si alguien te ha dicho un número, o no has empezado nada, es un fraude: di que no.
sms-link-approve = Sí, soy yo
sms-link-approve-transaction = Sí, acepto
sms-link-deny = No, detener
sms-link-report = Yo no he empezado esto
sms-link-done-title = Hecho
sms-link-done-text = Vuelve a tu otra pantalla. Puedes cerrar esta página.
sms-link-done-here-title = Hecho
sms-link-done-here-text = Ahora sigues adelante.
sms-link-denied-title = Detenido
sms-link-denied-text = No ha entrado nadie. Puedes cerrar esta página.
sms-link-reported-title = Detenido y comunicado
sms-link-reported-text = No ha entrado nadie. No abras ni reenvíes otros mensajes que no hayas pedido. Puedes cerrar esta página.
sms-link-stopped-title = Detenido por tu seguridad
sms-link-stopped-text = No ha entrado nadie. Si eras tú, empieza de nuevo en tu otra pantalla y elige el número que muestra.
sms-link-gone-title = Este enlace ya no sirve
sms-link-gone-text = Ya se ha usado, es demasiado antiguo o nunca existió. Si acabas de responder, vuelve a tu otra pantalla. Si no, pide allí un mensaje nuevo.
sms-link-unavailable-title = Ahora no
sms-link-unavailable-text = No podemos abrir este enlace en este momento. Vuelve a cargar la página en unos segundos.
sms-link-again = Volver a cargar
