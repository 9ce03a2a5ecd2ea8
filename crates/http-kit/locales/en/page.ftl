# Words of the page frame and of pages that every street shows.

page-skip = Skip to content
page-footer = Identity service of { $operator }
page-start-again = Start again
page-go-back = Go back
page-continue = Continue
page-cancel = Cancel
page-or = or
page-reference = Reference: { $id }

page-error-title = That did not work
page-error-text = Something went wrong on our side. Nothing was shared. Please start again from the service you came from.
page-not-found-title = There is nothing here
page-not-found-text = The address may be old or mistyped. Please start again from the service you came from.
page-busy-title = One moment, please
page-busy-text = Many people are signing in right now. Please try again in a minute.
