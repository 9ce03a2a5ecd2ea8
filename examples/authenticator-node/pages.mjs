// What the person sees. Every text of a request is untrusted: it is escaped, and shown whole.

const escape = (text) =>
  String(text).replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c])

const page = (title, body) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>body{font:1.1rem system-ui;max-width:26rem;margin:2rem auto;padding:0 1rem}button{font:inherit;padding:.7rem 1.2rem;margin:.3rem .3rem .3rem 0}dt{color:#555}dd{margin:0 0 .6rem}</style>
<h1>${escape(title)}</h1>${body}</html>`

const details = ({ client_name, context, binding_message }) => {
  const rows = [['Who asks', client_name], ['What for', context], ['Reference', binding_message]]
  const shown = rows.filter(([, text]) => text).map(([name, text]) => `<dt>${name}</dt><dd><bdi>${escape(text)}</bdi></dd>`)
  return `<dl>${shown.join('')}</dl>`
}

/** Approve and deny, one as easy as the other. With numbers there is a button for each of them. */
export const question = ({ request }) => {
  const approve = request.numbers
    ? `<p>Choose the number that the other screen shows:</p>${request.numbers.map((n) => `<button name="number" value="${escape(n)}">${escape(n)}</button>`).join('')}`
    : '<button name="answer" value="approve">Approve</button>'
  return page('Do you want to log in?', `${details(request)}
<form method="post" action="answer"><input type="hidden" name="transaction" value="${escape(request.transaction)}">
${approve}<button name="answer" value="deny">Deny</button></form>`)
}

export const phone = (waiting) => waiting.length ? waiting.map(question).join('<hr>') : page('Nothing is asked', '<p>Load this page again after you have begun to log in.</p>')

export const done = () => page('Thank you', '<p>You can go back to the other screen.</p>')

export const refused = () => page('This does not work', '<p>Go back to where you came from and begin again.</p>')
