# La página en la que una persona dice cuál es su operador.

discovery-select-title = ¿Cuál es tu operador móvil?
discovery-select-lead = Necesitamos saber qué operador puede confirmar que eres tú.
discovery-number-label = Tu número de móvil
discovery-number-hint = Con prefijo del país, como +34 600 000 001. Nos dice cuál es tu operador; el servicio no llega a verlo.
discovery-number-wrong = El número no está completo. Empieza con + y el prefijo del país.
discovery-number-unknown = No encontramos el operador de este número. Elígelo en la lista.
discovery-number-too-many = Son demasiados números. Elige tu operador en la lista.
discovery-choice-title = O elige tu operador
discovery-choice-legend = Operadores
discovery-country-label = País de tu operador
discovery-country-show = Mostrar operadores
discovery-choice-missing = Elige uno de estos operadores.
discovery-lapsed-title = Esta página ha caducado
discovery-lapsed-text = Vuelve al servicio del que vienes y empieza de nuevo.
