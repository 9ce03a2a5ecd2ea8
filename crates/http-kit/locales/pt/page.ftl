# Palavras da moldura da página e de páginas comuns.

page-skip = Ir para o conteúdo
page-footer = Serviço de identidade de { $operator }
page-start-again = Começar de novo
page-go-back = Voltar
page-continue = Continuar
page-cancel = Cancelar
page-or = ou
page-reference = Referência: { $id }

page-error-title = Não funcionou
page-error-text = Algo falhou do nosso lado. Nenhum dado foi compartilhado. Comece de novo no serviço de onde veio.
page-not-found-title = Não há nada aqui
page-not-found-text = O endereço pode ser antigo ou estar mal escrito. Comece de novo no serviço de onde veio.
page-busy-title = Um momento, por favor
page-busy-text = Há muitos acessos neste momento. Tente novamente dentro de um minuto.
