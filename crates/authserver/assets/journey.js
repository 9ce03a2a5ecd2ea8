// A waiting page goes on as soon as its login has moved. Without this script a page on which nothing
// is typed is loaded anew every few seconds, and any other goes on when its form is sent.
(() => {
  "use strict";
  const waiting = document.querySelector("[data-events]");
  if (!waiting || !("EventSource" in window)) return;
  const SHORTEST = 5000;
  const LONGEST = 30000;
  let source = null;
  let timer = 0;
  let leaving = false;

  const stop = () => {
    window.clearTimeout(timer);
    if (source) source.close();
    source = null;
  };
  const goOn = () => {
    stop();
    if (!leaving) window.location.replace(waiting.dataset.page);
  };

  // Where no line is to be had, the page asks from time to time; the more seldom, the worse it is.
  const askIn = (wait) => {
    stop();
    // Not all at the same moment, after a node has stopped.
    if (!leaving) timer = window.setTimeout(ask, wait * (1 + Math.random() / 2), wait);
  };
  const ask = async (wait) => {
    try {
      const answer = await fetch(`${waiting.dataset.events}&once`, { cache: "no-store" });
      // There is no such login any more, or it is over: its page says what to do.
      if (answer.status === 200 || answer.status === 404) goOn();
      else askIn(answer.ok ? SHORTEST : Math.min(wait * 2, LONGEST));
    } catch {
      askIn(Math.min(wait * 2, LONGEST));
    }
  };

  const follow = () => {
    stop();
    if (leaving) return;
    source = new EventSource(waiting.dataset.events);
    source.addEventListener("moved", goOn);
    source.addEventListener("replaced", () => askIn(SHORTEST));
    // A broken line is opened again by the browser; after a refusal the page asks.
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) askIn(SHORTEST);
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
