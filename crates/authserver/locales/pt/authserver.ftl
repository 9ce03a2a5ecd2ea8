# As páginas de um início de sessão. { $client } é o nome do serviço, como foi inscrito.

authserver-number-title = Qual é o seu número de telefone?
authserver-number-lead = { $client } pede que confirme a sua identidade.
authserver-number-label = Número de telefone
authserver-number-hint = Com o código do país, por exemplo +351 912 345 678. Depois confirme neste telefone.
authserver-number-error = Isto não é um número de telefone. Verifique-o e tente novamente.

authserver-held-title = Ainda não foi possível enviar a mensagem
authserver-held-lead = Não houve erro. Para proteger este número, enviamos poucas mensagens para ele:
authserver-held-again = Enviar a mensagem agora
authserver-wait = { $seconds ->
    [one] Aguarde mais { $seconds } segundo e tente novamente.
   *[other] Aguarde { $seconds } segundos e tente novamente.
}
authserver-wait-minutes = { $minutes ->
    [one] Aguarde mais um minuto e tente novamente.
   *[other] Aguarde cerca de { $minutes } minutos e tente novamente.
}
authserver-not-sent = Não podemos enviar outra mensagem agora. Use a que já tem ou tente novamente dentro de um minuto.

authserver-prompt-lead = { $client } pede que confirme a sua identidade.
authserver-prompt-again = Enviar outra mensagem
authserver-prompt-title = Confirme que é você
authserver-prompt-waiting = Aguardamos a sua resposta…
authserver-prompt-other-way = Usar outra forma
authserver-again-soon = Dentro de momentos poderá pedir outra mensagem.
authserver-context = O que deve confirmar
authserver-binding-message = Compare com o que aparece no outro dispositivo

authserver-consent-title = Compartilhar com { $client }?
authserver-consent-lead = { $client } pede os seguintes dados seus:
authserver-consent-note = Só { $client } os recebe, e apenas os que aparecem aqui. Pode retirar o seu consentimento a qualquer momento através da sua operadora.
authserver-consent-agree = Aceitar e continuar
authserver-consent-refuse = Não compartilhar
authserver-share-profile-name = Perfil
authserver-share-profile-text = os seus nomes, incluindo o de acesso, data de nascimento, sexo, fotografia e páginas, idioma e fuso horário
authserver-share-email-name = E-mail
authserver-share-email-text = o seu endereço de e-mail
authserver-share-address-name = Endereço
authserver-share-address-text = o seu endereço postal
authserver-share-phone-name = Telefone
authserver-share-phone-text = o seu número de telefone
authserver-share-mc_identity_phonenumber-name = Telefone
authserver-share-mc_identity_phonenumber-text = o seu número de telefone
authserver-share-mc_identity_phonenumber_hashed-name = Telefone em forma de código
authserver-share-mc_identity_phonenumber_hashed-text = um código calculado a partir do seu número de telefone, sempre o mesmo
authserver-share-mc_identity_signup-name = Dados de inscrição
authserver-share-mc_identity_signup-text = o seu nome, endereço, endereço de e-mail e outro número de telefone
authserver-share-mc_identity_signupplus-name = Dados de inscrição
authserver-share-mc_identity_signupplus-text = o seu nome, endereço, endereço de e-mail e outro número de telefone
authserver-share-mc_identity_nationalid-name = Identidade
authserver-share-mc_identity_nationalid-text = o seu nome, endereço, data de nascimento, número de identificação nacional, telefone e endereço de e-mail
authserver-share-mc_phonenumber-name = Telefone
authserver-share-mc_phonenumber-text = o seu número de telefone
authserver-share-mc_signup-name = Dados de inscrição
authserver-share-mc_signup-text = o seu nome, endereço, endereço de e-mail e outro número de telefone
authserver-share-mc_nationalid-name = Identidade
authserver-share-mc_nationalid-text = o seu nome, endereço, data de nascimento, número de identificação nacional, telefone e endereço de e-mail
authserver-share-mc_kyc_plain-name = Verificação dos seus dados
authserver-share-mc_kyc_plain-text = se o nome, o endereço e a data de nascimento que já tem correspondem aos que conhecemos, o tipo do seu contrato, se está em uso e se o seu telefone foi declarado perdido ou roubado
authserver-share-mc_kyc_hashed-name = Verificação dos seus dados
authserver-share-mc_kyc_hashed-text = se o nome, o endereço e a data de nascimento que já tem correspondem aos que conhecemos, o tipo do seu contrato, se está em uso e se o seu telefone foi declarado perdido ou roubado
authserver-share-mc_mnv_validate-name = Verificação do seu número
authserver-share-mc_mnv_validate-text = um código calculado a partir do seu número de telefone, com o qual verifica o número que já tem
authserver-share-mc_mnv_validate_plus-name = Verificação do seu número
authserver-share-mc_mnv_validate_plus-text = um código calculado a partir do seu número de telefone, com o qual verifica o número que já tem
authserver-share-mc_vm_match-name = Verificação do seu número
authserver-share-mc_vm_match-text = se o número que já tem é o deste telefone
authserver-share-mc_vm_match_hash-name = Verificação do seu número
authserver-share-mc_vm_match_hash-text = se o número que já tem é o deste telefone
authserver-share-mc_attr_vm_match-name = Verificação do seu número
authserver-share-mc_attr_vm_match-text = se o número que já tem é o deste telefone
authserver-share-mc_attr_vm_match_hash-name = Verificação do seu número
authserver-share-mc_attr_vm_match_hash-text = se o número que já tem é o deste telefone
authserver-share-offline_access-name = Acesso na sua ausência
authserver-share-offline_access-text = ler o que compartilha aqui também mais tarde, quando não usar o serviço

authserver-finished-title = Já terminou aqui
authserver-finished-text = Este início de sessão terminou. Continue no serviço de onde veio ou comece lá de novo.
authserver-again-title = Vamos começar de novo
authserver-again-text = Este início de sessão já não está aberto neste navegador: pode ter demorado demais ou ter começado em outro navegador. Nenhum dado foi compartilhado. Comece de novo no serviço de onde veio.
authserver-unaddressed-title = Não sabemos de onde veio
authserver-unaddressed-text = O serviço de onde veio não está bem configurado e não podemos levá-lo de volta. Nenhum dado foi compartilhado. Volte atrás e avise o serviço.
authserver-return-title = De volta ao serviço
authserver-return-text = Se nada acontecer, use o botão.

authserver-logout-title = Encerrar a sessão?
authserver-logout-text = Da próxima vez que entrar neste navegador, terá de confirmar com o seu telefone.
authserver-logout-confirm = Encerrar a sessão
authserver-signed-out-title = A sessão foi encerrada
authserver-signed-out-text = A sessão deste navegador foi encerrada. Pode fechar esta página.
authserver-signed-out-no-return = A sessão deste navegador foi encerrada. O site de onde veio pediu que voltasse por um endereço que não declarou. Pode fechar esta página.
