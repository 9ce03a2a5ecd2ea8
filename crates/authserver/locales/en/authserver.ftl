# The pages of a login. { $client } is the service provider's registered name.

authserver-number-title = What is your mobile number?
authserver-number-lead = { $client } asks you to confirm that it is you.
authserver-number-label = Mobile number
authserver-number-hint = With the country code, such as +44 7700 900907. Then confirm on this phone.
authserver-number-error = This is not a phone number. Please check it and try again.

authserver-held-title = The message could not be sent yet
authserver-held-lead = Nothing has gone wrong. To protect this number, we send it only a few messages:
authserver-held-again = Send the message now
authserver-wait = { $seconds ->
    [one] Please wait one more second, then try again.
   *[other] Please wait { $seconds } seconds, then try again.
}
authserver-wait-minutes = { $minutes ->
    [one] Please wait one more minute, then try again.
   *[other] Please wait about { $minutes } minutes, then try again.
}
authserver-not-sent = We cannot send another message right now. Please use the one you have, or try again in a minute.

authserver-prompt-lead = { $client } asks you to confirm that it is you.
authserver-prompt-again = Send another message
authserver-prompt-title = Confirm that it is you
authserver-prompt-waiting = Waiting for your answer …
authserver-prompt-other-way = Use another way
authserver-again-soon = You can ask for another message in a moment.
authserver-context = What you are asked to confirm
authserver-binding-message = Compare with what the other screen shows

authserver-consent-title = Share with { $client }?
authserver-consent-lead = { $client } asks us for the following about you:
authserver-consent-note = Only { $client } gets it, and only what is listed here. You can withdraw your consent at any time through your operator.
authserver-consent-agree = Agree and continue
authserver-consent-refuse = Do not share
authserver-share-profile-name = Profile
authserver-share-profile-text = your names and user name, birth date, gender, picture and pages, language and time zone
authserver-share-email-name = E-mail
authserver-share-email-text = your e-mail address
authserver-share-address-name = Address
authserver-share-address-text = your postal address
authserver-share-phone-name = Phone number
authserver-share-phone-text = your mobile number
authserver-share-mc_identity_phonenumber-name = Phone number
authserver-share-mc_identity_phonenumber-text = your mobile number
authserver-share-mc_identity_phonenumber_hashed-name = Phone number as a fingerprint
authserver-share-mc_identity_phonenumber_hashed-text = a code computed from your mobile number, which is the same each time
authserver-share-mc_identity_signup-name = Sign-up data
authserver-share-mc_identity_signup-text = your name, address, e-mail address and another phone number
authserver-share-mc_identity_signupplus-name = Sign-up data
authserver-share-mc_identity_signupplus-text = your name, address, e-mail address and another phone number
authserver-share-mc_identity_nationalid-name = Identity
authserver-share-mc_identity_nationalid-text = your name, address, birth date, national identity number, phone number and e-mail address
authserver-share-mc_phonenumber-name = Phone number
authserver-share-mc_phonenumber-text = your mobile number
authserver-share-mc_signup-name = Sign-up data
authserver-share-mc_signup-text = your name, address, e-mail address and another phone number
authserver-share-mc_nationalid-name = Identity
authserver-share-mc_nationalid-text = your name, address, birth date, national identity number, phone number and e-mail address
authserver-share-mc_kyc_plain-name = Check of your data
authserver-share-mc_kyc_plain-text = whether the name, address and birth date it already has are the ones we know, the kind of your contract, whether it is in use, and whether your phone was reported lost or stolen
authserver-share-mc_kyc_hashed-name = Check of your data
authserver-share-mc_kyc_hashed-text = whether the name, address and birth date it already has are the ones we know, the kind of your contract, whether it is in use, and whether your phone was reported lost or stolen
authserver-share-mc_mnv_validate-name = Check of your number
authserver-share-mc_mnv_validate-text = a code computed from your mobile number, with which it checks the number that it already has
authserver-share-mc_mnv_validate_plus-name = Check of your number
authserver-share-mc_mnv_validate_plus-text = a code computed from your mobile number, with which it checks the number that it already has
authserver-share-mc_vm_match-name = Check of your number
authserver-share-mc_vm_match-text = whether the number it already has is the number of this phone
authserver-share-mc_vm_match_hash-name = Check of your number
authserver-share-mc_vm_match_hash-text = whether the number it already has is the number of this phone
authserver-share-mc_attr_vm_match-name = Check of your number
authserver-share-mc_attr_vm_match-text = whether the number it already has is the number of this phone
authserver-share-mc_attr_vm_match_hash-name = Check of your number
authserver-share-mc_attr_vm_match_hash-text = whether the number it already has is the number of this phone
authserver-share-offline_access-name = Access while you are away
authserver-share-offline_access-text = reading what you share here also later, when you are not using the service

authserver-finished-title = You are done here
authserver-finished-text = This login is finished. Please go on in the service you came from, or start again there.
authserver-again-title = Let us start again
authserver-again-text = This login is no longer open in this browser: it may have taken too long, or begun in another browser. Nothing was shared. Please start again from the service you came from.
authserver-unaddressed-title = We do not know who sent you here
authserver-unaddressed-text = The service you came from is not set up correctly, so we cannot send you back by ourselves. Nothing was shared. Please go back and tell the service about it.
authserver-return-title = Back to the service
authserver-return-text = If nothing happens, press the button.

authserver-logout-title = Sign out?
authserver-logout-text = You will have to confirm with your phone the next time you log in from this browser.
authserver-logout-confirm = Sign out
authserver-signed-out-title = You are signed out
authserver-signed-out-text = The login of this browser has ended. You can close this page.
authserver-signed-out-no-return = The login of this browser has ended. The site that you come from asked to send you to an address that it has not registered. You can close this page.
