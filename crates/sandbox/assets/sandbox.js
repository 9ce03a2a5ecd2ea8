"use strict";
// Fills the sandbox page: asks for the state at every nudge of the server and draws what is new.
// Everything is put in as text, never as HTML.
(() => {
  const LANES = { browser: "browser ⇄ gateway", phone: "phone ⇄ gateway", service_provider: "service ⇄ gateway", message_centre: "gateway → phone" };
  let known = 0;
  let shownPhone = null;
  let messages = new Map();
  const seen = new Map();

  const byId = (id) => document.getElementById(id);
  const element = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  // As phones show a message: codes stand out, links can be opened, in the phone's own browser.
  function content(text) {
    const shown = element("div");
    for (const part of text.split(/(https?:\/\/\S+|(?<!#)\b\d{6}\b)/)) {
      if (/^\d{6}$/.test(part)) shown.append(element("mark", "", part));
      else if (/^https?:\/\//.test(part)) shown.append(link(part));
      else shown.append(part);
    }
    return shown;
  }

  function link(address) {
    const node = element("a", "link", address);
    node.href = address;
    node.target = "fiador-phone";
    node.rel = "noreferrer";
    return node;
  }

  function drawInbox() {
    const inbox = byId("inbox");
    inbox.replaceChildren();
    byId("own-number").textContent = `+${shownPhone}`;
    const list = messages.get(shownPhone) ?? [];
    if (list.length === 0) inbox.append(element("li", "none", "No messages yet"));
    for (const message of [...list].reverse()) {
      const item = element("li");
      const head = element("div", "from");
      head.append(element("span", "", message.from), element("time", "", message.received_at.slice(11, 16)));
      item.append(head, content(message.text));
      inbox.append(item);
    }
    seen.set(shownPhone, list.length);
  }

  function drawPhones() {
    for (const tab of document.querySelectorAll(".tab")) {
      const number = tab.dataset.msisdn;
      const unread = (messages.get(number)?.length ?? 0) > (seen.get(number) ?? 0);
      tab.querySelector(".badge").hidden = !unread || number === shownPhone;
      tab.setAttribute("aria-pressed", String(number === shownPhone));
    }
  }

  function show(number) {
    shownPhone = number;
    drawInbox();
    drawPhones();
  }

  function step(number) {
    for (const item of document.querySelectorAll(".steps li")) {
      item.classList.toggle("done", Number(item.dataset.step) <= number);
    }
  }

  function follow(line) {
    if (line.summary.startsWith("GET /authorize")) step(1);
    if (line.summary.startsWith("submit_sm")) step(2);
    if (/^POST \/journey\/.*answer/.test(line.summary) || line.summary.startsWith("POST /l/")) step(3);
    if (line.summary === "POST /token → 200") step(4);
  }

  // The handle of a journey is long and says nothing to a reader.
  const shorter = (summary) => summary.replace(/(\/(?:journey|l)\/.{4})[^/ ]+/, "$1…");

  function drawTrace(lines) {
    for (const line of lines) {
      known = Math.max(known, line.id);
      const item = element("li");
      const details = element("details");
      const summary = element("summary");
      summary.append(element("span", `lane ${line.lane}`, LANES[line.lane]), element("span", "", shorter(line.summary)));
      details.append(summary, element("pre", "", line.request));
      if (line.response) details.append(element("pre", "", line.response));
      item.append(details);
      byId("trace").append(item);
      follow(line);
    }
    byId("trace-empty").hidden = known > 0;
    if (lines.length > 0) byId("trace").scrollTop = byId("trace").scrollHeight;
  }

  function facts(values) {
    const list = element("dl");
    for (const [name, value] of Object.entries(values)) {
      list.append(element("dt", "", name), element("dd", "", typeof value === "string" ? value : JSON.stringify(value)));
    }
    return list;
  }

  function drawOutcome(outcome) {
    const box = byId("outcome");
    box.hidden = !outcome;
    if (!outcome) return;
    box.replaceChildren();
    box.classList.toggle("bad", Boolean(outcome.error));
    if (outcome.error) {
      box.append(element("h3", "", `${outcome.application}: not signed in`), element("p", "", outcome.error));
      return;
    }
    const { sub, acr, amr, ...rest } = outcome.id_token;
    box.append(element("h3", "", `Signed in to ${outcome.application}`), facts({ sub, acr, amr }));
    if (outcome.attributes) box.append(element("h4", "", "Attributes you agreed to share"), facts(outcome.attributes));
    const more = element("details");
    more.append(element("summary", "", "More of the ID Token"), facts(rest));
    box.append(more);
  }

  function drawDecisions(decisions) {
    byId("decisions-empty").hidden = decisions.length > 0;
    byId("decisions").replaceChildren(...decisions.map((decision) => {
      const item = element("li");
      const asked = decision.acr_values.length ? `level ${decision.acr_values.join(", then ")}` : "any level";
      const policy = decision.policy ? `policy ${decision.policy}` : "the built-in policy";
      item.append(element("p", "asked", `${asked} · decided by ${policy}`), element("code", "", decision.journey));
      const verdicts = element("ul");
      for (const verdict of decision.verdicts) verdicts.append(element("li", verdict.taken ? "taken" : "dropped", verdict.text));
      if (decision.unserved) verdicts.append(element("li", "dropped", decision.unserved));
      item.append(verdicts);
      return item;
    }));
  }

  async function refresh() {
    const response = await fetch(`/api/state?after=${known}`);
    if (!response.ok) return;
    const state = await response.json();
    const before = [...messages.values()].reduce((sum, list) => sum + list.length, 0);
    messages = new Map(state.messages);
    const now = [...messages.values()].reduce((sum, list) => sum + list.length, 0);
    if (now > before && known > 0) {
      const fresh = state.messages.find(([number, list]) => list.length > (seen.get(number) ?? 0));
      if (fresh) shownPhone = fresh[0];
    }
    drawTrace(state.trace);
    show(shownPhone);
    drawOutcome(state.outcome);
    drawDecisions(state.decisions);
  }

  let running = false;
  let again = false;
  let later = 0;
  async function nudge() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await refresh().catch(() => {});
    }
    running = false;
    // Decisions are written a second later.
    clearTimeout(later);
    later = setTimeout(() => refresh().catch(() => {}), 1500);
  }

  for (const tab of document.querySelectorAll(".tab")) tab.addEventListener("click", () => show(tab.dataset.msisdn));
  byId("sign-in-phone").addEventListener("change", (event) => { if (event.target.value) show(event.target.value); });
  byId("sign-in").addEventListener("submit", () => step(0));
  shownPhone = document.querySelector(".tab").dataset.msisdn;
  new EventSource("/api/events").addEventListener("message", nudge);
  nudge();
})();
