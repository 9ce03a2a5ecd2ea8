// Fills in the code from the text message where the browser can read it (WebOTP), and sends the
// form. Without this script, or when anything fails, the person types the code.
(() => {
  "use strict";
  const field = document.getElementById("otp");
  if (!field || !field.form || !("OTPCredential" in window)) return;
  const waiting = new AbortController();
  field.form.addEventListener("submit", () => waiting.abort());
  window.addEventListener("pagehide", () => waiting.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: waiting.signal })
    .then((credential) => {
      if (!credential || !credential.code || field.value) return;
      field.value = credential.code;
      field.form.requestSubmit();
    })
    .catch(() => {});
})();
