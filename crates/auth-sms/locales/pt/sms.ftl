# Código de uso único por mensagem de texto.

# A mensagem. Um segmento: só caracteres do alfabeto GSM, por isso sem til, cedilha nem circunflexo nem acento agudo (exceto é).
sms-otp-message = { $code } é o seu codigo para { $client }. Nunca o revele a outra pessoa.
sms-otp-message-details = { $code } é o seu codigo para { $client } ({ $details }). Nunca o revele a outra pessoa.

# A página.
sms-otp-heading = Introduza o código
sms-otp-sent = Estamos a enviar um código de { $digits } algarismos numa mensagem de texto para
sms-otp-label = Código da mensagem de texto
sms-otp-hint = Pode demorar um minuto. O código é válido durante { $minutes ->
    [one] um minuto
   *[other] { $minutes } minutos
}.
sms-otp-wrong = Esse não é o código. { $attempts ->
    [one] Tem mais uma tentativa.
   *[other] Tem mais { $attempts } tentativas.
}
sms-otp-expired = Este código já não é válido. Peça um novo.
