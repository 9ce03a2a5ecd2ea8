// Submits the form of an authorization response; without scripts its button does the same.
document.getElementById("form-post")?.submit();
