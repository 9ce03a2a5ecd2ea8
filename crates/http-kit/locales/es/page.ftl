# Palabras del marco de la página y de páginas comunes.

page-skip = Ir al contenido
page-footer = Servicio de identidad de { $operator }
page-start-again = Empezar de nuevo
page-go-back = Volver
page-continue = Continuar
page-cancel = Cancelar
page-or = o
page-reference = Referencia: { $id }

page-error-title = No ha funcionado
page-error-text = Algo ha fallado por nuestra parte. No se ha compartido ningún dato. Empieza de nuevo desde el servicio del que vienes.
page-not-found-title = Aquí no hay nada
page-not-found-text = Puede que la dirección sea antigua o esté mal escrita. Empieza de nuevo desde el servicio del que vienes.
page-busy-title = Un momento, por favor
page-busy-text = Muchas personas están entrando en este momento. Vuelve a intentarlo dentro de un minuto.
