// A user with a browser that has cookies and forms but no JavaScript, and a phone beside it.

import { setTimeout as sleep } from 'node:timers/promises';

import { messages } from './sandbox.mjs';

/**
 * Follows `start` through the gateway's pages until the browser is sent to `redirectUri`, and
 * returns that last URL, or the request by which a form was posted there. Types the phone's number
 * and the code from its newest message, and agrees to what the service provider asks for.
 */
export async function logIn(sandbox, phone, start, redirectUri) {
  const browser = new Browser();
  const seen = (await messages(sandbox, phone)).length;
  let page = await browser.open(start, redirectUri);
  for (let step = 0; step < 8 && !page.landed; step += 1) {
    const form = forms(page.text)[0];
    if (!form) throw new Error(`a page without a form at ${page.url}:\n${page.text}`);
    page = await browser.submit(page.url, form, await answers(sandbox, phone, form, seen), redirectUri);
  }
  if (!page.landed) throw new Error(`still at ${page.url} after eight pages`);
  return page.posted ? new Request(page.url, page.posted) : page.url;
}

/** The code in the first message after the `seen` ones. */
export async function oneTimeCode(sandbox, phone, seen) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const newest = (await messages(sandbox, phone)).slice(seen).at(-1);
    if (newest) return newest.text.match(/\b\d{6}\b/)[0];
    await sleep(100);
  }
  throw new Error('no message within thirty seconds');
}

async function answers(sandbox, phone, form, seen) {
  const typed = {};
  for (const input of form.inputs) {
    if (input.autocomplete === 'one-time-code') typed[input.name] = await oneTimeCode(sandbox, phone, seen);
    else if (input.type === 'tel') typed[input.name] = `+${phone.msisdn}`;
  }
  return typed;
}

class Browser {
  #cookies = new Map();

  async open(url, redirectUri, request = {}) {
    for (let hop = 0; hop < 10; hop += 1) {
      if (`${url}`.startsWith(redirectUri)) {
        return { landed: true, url: new URL(url), posted: request.method === 'POST' && request };
      }
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { accept: 'text/html', ...request.headers, ...(cookie && { cookie }) };
      const answer = await fetch(url, { ...request, headers, redirect: 'manual' });
      for (const line of answer.headers.getSetCookie()) this.#keep(line);
      const location = answer.headers.get('location');
      if (!location) return { landed: false, url: new URL(url), status: answer.status, text: await answer.text() };
      await answer.arrayBuffer();
      url = new URL(location, url);
      request = {};
    }
    throw new Error(`too many redirects, last ${url}`);
  }

  submit(base, form, typed, redirectUri) {
    const fields = new URLSearchParams();
    for (const input of form.inputs) {
      if (input.name) fields.set(input.name, typed[input.name] ?? input.value ?? '');
    }
    if (form.button?.name) fields.set(form.button.name, form.button.value ?? '');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: base.origin };
    const action = new URL(form.action ?? '', base);
    return this.open(action, redirectUri, { method: 'POST', headers, body: fields.toString() });
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(';');
    const [name, value] = pair.split(/=(.*)/s);
    const gone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
    if (gone) this.#cookies.delete(name.trim());
    else this.#cookies.set(name.trim(), value);
  }
}

/** The forms of a page in their order, each with its inputs and the button that agrees. */
export function forms(html) {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head, body]) => ({
    action: attributes(head).action,
    inputs: [...body.matchAll(/<input\b([^>]*)>/gs)].map(([, text]) => attributes(text)),
    button: [...body.matchAll(/<button\b([^>]*)>/gs)]
      .map(([, text]) => attributes(text))
      .find((button) => !/deny|cancel|refuse/.test(button.value ?? '')),
  }));
}

function attributes(text) {
  const found = text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return Object.fromEntries([...found].map(([, name, a, b, c]) => [name.toLowerCase(), unescape(a ?? b ?? c ?? '')]));
}

function unescape(text) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}
