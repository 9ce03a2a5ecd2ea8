# Código de uso único por mensagem de texto.

# A mensagem. Um segmento: só caracteres do alfabeto GSM, por isso sem til, cedilha nem circunflexo nem acento agudo (exceto é).
sms-otp-message = { $code } é o seu codigo para { $client }. Nunca o revele a outra pessoa.
sms-otp-message-details = { $code } é o seu codigo para { $client } ({ $details }). Nunca o revele a outra pessoa.

# A página.
sms-otp-heading = Insira o código
sms-otp-sent = Enviamos um código de { $digits } dígitos numa mensagem de texto para
sms-otp-label = Código da mensagem de texto
sms-otp-hint = Pode demorar um minuto. O código é válido durante { $minutes ->
    [one] um minuto
   *[other] { $minutes } minutos
}.
sms-otp-wrong = Esse não é o código. { $attempts ->
    [one] Resta uma tentativa.
   *[other] Restam { $attempts } tentativas.
}
sms-otp-expired = Este código já não é válido. Peça um novo.

# A mensagem com uma ligação, que segue numa linha própria. Um segmento, como acima.
sms-url-message = { $client } pede que confirme. Abra este link apenas se foi o seu pedido e nunca o reenvie:
sms-url-message-details = { $client } pede que confirme ({ $details }). Abra este link apenas se foi o seu pedido e nunca o reenvie:

# A mensagem com ambos.
sms-otp-url-message = { $code } é o seu codigo para { $client }. Ou abra o link. Nunca os revele.
sms-otp-url-message-details = { $code } é o seu codigo para { $client } ({ $details }). Ou abra o link. Nunca os revele.

# A página de espera de uma ligação.
sms-url-heading = Abra o link no seu telefone
sms-url-sent = Enviamos um link numa mensagem de texto para
sms-url-hint = Pode demorar um minuto. O link é válido durante { $minutes ->
    [one] um minuto
   *[other] { $minutes } minutos
}. Esta página avança sozinha.
sms-url-number = Escolha lá este número
sms-url-expired = Este link já não é válido. Peça um novo.

# A página de espera de ambos.
sms-otp-url-heading = Abra o link ou insira o código
sms-otp-url-sent = Enviamos um código de { $digits } dígitos e um link numa mensagem de texto para
sms-otp-url-hint = Pode demorar um minuto. Ambos são válidos durante { $minutes ->
    [one] um minuto
   *[other] { $minutes } minutos
}.
sms-otp-url-number = Abra o link no seu telefone e escolha lá este número
sms-otp-url-expired = Esta mensagem já não é válida. Peça uma nova.

# O que aconteceu à mensagem.
sms-accepted = A mensagem foi enviada.
sms-delivered = A mensagem está no seu telefone.
sms-undelivered = A mensagem não pôde ser entregue.

# A página do link, no telefone.
sms-link-heading = É você?
sms-link-heading-transaction = Concorda?
sms-link-lead = { $client } pergunta se é você quem inicia sessão.
sms-link-lead-transaction = { $client } pede que aceite isto:
sms-link-context = Para quê
sms-link-binding-message = Também no seu outro dispositivo
sms-link-when = Início
sms-link-started = { $minutes ->
    [0] agora mesmo
    [one] há um minuto
   *[other] há { $minutes } minutos
}
sms-link-device-handset = um telefone
sms-link-device-other = um computador ou outro aparelho
sms-link-device = Aparelho
sms-link-country = País
sms-link-shares = Também pede dados seus. Decide sobre isso depois, no seu outro dispositivo.
sms-link-question = Que número mostra o seu outro dispositivo?
sms-link-question-transaction = Ao escolhê-lo, aceita.
sms-link-warning = Se alguém lhe disse um número, ou se não iniciou nada, é fraude: diga que não.
sms-link-approve = Sim, sou eu
sms-link-approve-transaction = Sim, aceito
sms-link-deny = Não, parar
sms-link-report = Não fui eu que iniciei isto
sms-link-done-title = Concluído
sms-link-done-text = Volte ao seu outro dispositivo. Pode fechar esta página.
sms-link-done-here-title = Concluído
sms-link-done-here-text = Vai agora continuar.
sms-link-denied-title = Interrompido
sms-link-denied-text = Ninguém entrou. Pode fechar esta página.
sms-link-reported-title = Interrompido e comunicado
sms-link-reported-text = Ninguém entrou. Não abra nem reenvie outras mensagens que não pediu. Pode fechar esta página.
sms-link-stopped-title = Interrompido para sua segurança
sms-link-stopped-text = Ninguém entrou. Se era você, comece de novo no seu outro dispositivo e escolha o número que ele mostra.
sms-link-gone-title = Este link já não é válido
sms-link-gone-text = Já foi usado, é demasiado antigo ou nunca existiu. Se acabou de responder, volte ao seu outro dispositivo. Caso contrário, peça lá uma mensagem nova.
sms-link-unavailable-title = Agora não
sms-link-unavailable-text = Não conseguimos abrir este link neste momento. Volte a carregar a página dentro de alguns segundos.
sms-link-again = Carregar de novo
