# The page where a person says which operator they are with.

discovery-select-title = Who is your mobile operator?
discovery-select-lead = We need to know which operator can confirm that it is you.
discovery-number-label = Your mobile number
discovery-number-hint = With country code, such as +44 7700 900123. It tells us your operator; the service does not get to see it.
discovery-number-wrong = This is not a complete number. Start with + and the country code.
discovery-number-unknown = No operator found for this number. Please choose yours from the list.
discovery-number-too-many = Too many numbers were tried. Please choose your operator from the list.
discovery-choice-title = Or choose your operator
discovery-choice-legend = Operators
discovery-country-label = Country of your operator
discovery-country-show = Show operators
discovery-choice-missing = Please choose one of these operators.
discovery-lapsed-title = This page is too old
discovery-lapsed-text = Please go back to the service you came from and start again.
