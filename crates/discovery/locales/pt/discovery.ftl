# A página em que a pessoa diz qual é a sua operadora.

discovery-select-title = Qual é a sua operadora móvel?
discovery-select-lead = É preciso saber qual operadora pode confirmar a sua identidade.
discovery-number-label = O seu número de telefone
discovery-number-hint = Com o código do país, por exemplo +351 912 345 678. Com ele sabemos qual é a sua operadora; o serviço não o vê.
discovery-number-wrong = O número não está completo. Comece com + e o código do país.
discovery-number-unknown = Nenhuma operadora encontrada para este número. Escolha a sua na lista.
discovery-number-too-many = Foram tentados números demais. Escolha a sua operadora na lista.
discovery-choice-title = Ou escolha a sua operadora
discovery-choice-legend = Operadoras
discovery-country-label = País da sua operadora
discovery-country-show = Mostrar operadoras
discovery-choice-missing = Escolha uma destas operadoras.
discovery-lapsed-title = Esta página expirou
discovery-lapsed-text = Volte ao serviço de onde veio e comece de novo.
