# Las páginas de un inicio de sesión. { $client } es el nombre registrado del servicio.

authserver-number-title = ¿Cuál es tu número de móvil?
authserver-number-lead = { $client } te pide que confirmes que eres tú.
authserver-number-label = Número de móvil
authserver-number-hint = Con el prefijo del país, por ejemplo +34 600 000 001. Después lo confirmarás en este teléfono.
authserver-number-error = Esto no es un número de teléfono. Revísalo e inténtalo de nuevo.

authserver-held-title = Todavía no se ha podido enviar el mensaje
authserver-held-lead = No ha fallado nada. Para proteger este número, solo le enviamos unos pocos mensajes:
authserver-held-again = Enviar el mensaje ahora
authserver-wait = { $seconds ->
    [one] Espera un segundo más e inténtalo de nuevo.
   *[other] Espera { $seconds } segundos e inténtalo de nuevo.
}
authserver-wait-minutes = { $minutes ->
    [one] Espera un minuto más e inténtalo de nuevo.
   *[other] Espera unos { $minutes } minutos e inténtalo de nuevo.
}
authserver-not-sent = Ahora no podemos enviar otro mensaje. Usa el que ya tienes o inténtalo de nuevo en un minuto.

authserver-prompt-lead = { $client } te pide que confirmes que eres tú.
authserver-prompt-again = Enviar otro mensaje
authserver-prompt-title = Confirma que eres tú
authserver-prompt-waiting = Esperando tu respuesta…
authserver-prompt-other-way = Usar otro método
authserver-again-soon = Podrás pedir otro mensaje dentro de un momento.
authserver-context = Lo que se te pide confirmar
authserver-binding-message = Compáralo con lo que muestra la otra pantalla

authserver-consent-title = ¿Compartir con { $client }?
authserver-consent-lead = { $client } nos pide los siguientes datos sobre ti:
authserver-consent-note = Solo los recibe { $client }, y solo los que aparecen aquí. Puedes retirar tu consentimiento en cualquier momento a través de tu operador.
authserver-consent-agree = Aceptar y continuar
authserver-consent-refuse = No compartir
authserver-share-profile-name = Perfil
authserver-share-profile-text = tus nombres y tu nombre de usuario, fecha de nacimiento, género, foto y páginas, idioma y zona horaria
authserver-share-email-name = Correo electrónico
authserver-share-email-text = tu dirección de correo electrónico
authserver-share-address-name = Dirección
authserver-share-address-text = tu dirección postal
authserver-share-phone-name = Teléfono
authserver-share-phone-text = tu número de móvil
authserver-share-mc_identity_phonenumber-name = Teléfono
authserver-share-mc_identity_phonenumber-text = tu número de móvil
authserver-share-mc_identity_phonenumber_hashed-name = Huella de tu teléfono
authserver-share-mc_identity_phonenumber_hashed-text = un código calculado a partir de tu número de móvil, siempre el mismo
authserver-share-mc_identity_signup-name = Datos de registro
authserver-share-mc_identity_signup-text = tu nombre, dirección, correo electrónico y otro número de teléfono
authserver-share-mc_identity_signupplus-name = Datos de registro
authserver-share-mc_identity_signupplus-text = tu nombre, dirección, correo electrónico y otro número de teléfono
authserver-share-mc_identity_nationalid-name = Identidad
authserver-share-mc_identity_nationalid-text = tu nombre, dirección, fecha de nacimiento, documento nacional de identidad, teléfono y correo electrónico
authserver-share-mc_phonenumber-name = Teléfono
authserver-share-mc_phonenumber-text = tu número de móvil
authserver-share-mc_signup-name = Datos de registro
authserver-share-mc_signup-text = tu nombre, dirección, correo electrónico y otro número de teléfono
authserver-share-mc_nationalid-name = Identidad
authserver-share-mc_nationalid-text = tu nombre, dirección, fecha de nacimiento, documento nacional de identidad, teléfono y correo electrónico
authserver-share-mc_kyc_plain-name = Comprobación de tus datos
authserver-share-mc_kyc_plain-text = si el nombre, la dirección y la fecha de nacimiento que ya tiene coinciden con los que conocemos, el tipo de tu contrato, si está en uso y si se ha denunciado la pérdida o el robo de tu teléfono
authserver-share-mc_kyc_hashed-name = Comprobación de tus datos
authserver-share-mc_kyc_hashed-text = si el nombre, la dirección y la fecha de nacimiento que ya tiene coinciden con los que conocemos, el tipo de tu contrato, si está en uso y si se ha denunciado la pérdida o el robo de tu teléfono
authserver-share-mc_mnv_validate-name = Comprobación de tu número
authserver-share-mc_mnv_validate-text = un código calculado a partir de tu número de móvil, con el que comprueba el número que ya tiene
authserver-share-mc_mnv_validate_plus-name = Comprobación de tu número
authserver-share-mc_mnv_validate_plus-text = un código calculado a partir de tu número de móvil, con el que comprueba el número que ya tiene
authserver-share-mc_vm_match-name = Comprobación de tu número
authserver-share-mc_vm_match-text = si el número que ya tiene es el de este teléfono
authserver-share-mc_vm_match_hash-name = Comprobación de tu número
authserver-share-mc_vm_match_hash-text = si el número que ya tiene es el de este teléfono
authserver-share-mc_attr_vm_match-name = Comprobación de tu número
authserver-share-mc_attr_vm_match-text = si el número que ya tiene es el de este teléfono
authserver-share-mc_attr_vm_match_hash-name = Comprobación de tu número
authserver-share-mc_attr_vm_match_hash-text = si el número que ya tiene es el de este teléfono
authserver-share-offline_access-name = Acceso cuando no estás
authserver-share-offline_access-text = leer lo que compartes aquí también más tarde, cuando no usas el servicio

authserver-finished-title = Ya has terminado aquí
authserver-finished-text = Este inicio de sesión ha terminado. Continúa en el servicio del que vienes, o empieza allí de nuevo.
authserver-again-title = Empecemos de nuevo
authserver-again-text = Este inicio de sesión ya no está abierto en este navegador: quizá haya tardado demasiado o empezara en otro navegador. No se ha compartido ningún dato. Empieza de nuevo desde el servicio del que vienes.
authserver-unaddressed-title = No sabemos quién te envía
authserver-unaddressed-text = El servicio del que vienes no está bien configurado y no podemos devolverte a él. No se ha compartido ningún dato. Vuelve atrás y avisa al servicio.
authserver-return-title = De vuelta al servicio
authserver-return-text = Si no ocurre nada, pulsa el botón.

authserver-logout-title = ¿Cerrar la sesión?
authserver-logout-text = La próxima vez que entres desde este navegador tendrás que confirmarlo con tu teléfono.
authserver-logout-confirm = Cerrar sesión
authserver-signed-out-title = Has cerrado la sesión
authserver-signed-out-text = La sesión de este navegador ha terminado. Puedes cerrar esta página.
authserver-signed-out-no-return = La sesión de este navegador ha terminado. El sitio del que vienes pidió enviarte a una dirección que no ha registrado. Puedes cerrar esta página.
