// A waiting page goes on as soon as its login has moved. Without this script a page on which nothing
// is typed is loaded anew every few seconds, and any other goes on when its form is sent.
(() => {
  "use strict";
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
      window.location.replace(waiting.dataset.page);
    });
    // A broken line is opened again by the browser; after a refusal it is tried again here.
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) window.setTimeout(follow, 5000);
    });
  };

  // What a form has just sent leads on by itself, and its answer must not be lost.
  document.addEventListener("submit", () => {
    leaving = true;
    stop();
  });
  window.addEventListener("pagehide", stop);
  // The page comes back by the browser's history.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    leaving = false;
    follow();
  });
  follow();
})();
