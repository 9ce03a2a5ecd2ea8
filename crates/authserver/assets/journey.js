// A waiting page: counts down until another message may be asked for, and goes on as soon as the
// login has moved. Without this script the page says how long to wait and, where nothing is typed,
// is loaded anew every few seconds.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("button[data-after]")) {
    const until = Date.now() + Number(button.dataset.after) * 1000;
    const remark = document.getElementById(button.getAttribute("aria-describedby"));
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      button.disabled = left > 0;
      if (remark) {
        remark.hidden = left <= 0;
        remark.textContent = remark.dataset.text.replace("{0}", String(left));
      }
      if (left > 0) window.setTimeout(tick, 1000);
    };
    tick();
  }

  const waiting = document.querySelector("[data-events]");
  if (!waiting || !("EventSource" in window)) return;
  let source = null;
  let leaving = false;

  const stop = () => {
    if (source) source.close();
    source = null;
  };
  const follow = () => {
    stop();
    if (leaving) return;
    source = new EventSource(waiting.dataset.events);
    source.addEventListener("moved", () => {
      stop();
      // What a form has just sent leads on by itself, and its answer must not be lost.
      if (!leaving) window.location.replace(waiting.dataset.page);
    });
    // A broken connection is opened again by the browser; a refused one is tried again here.
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) window.setTimeout(follow, 5000);
    });
  };

  document.addEventListener("submit", () => {
    leaving = true;
    stop();
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    leaving = false;
    follow();
  });
  follow();
})();
