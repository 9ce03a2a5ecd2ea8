// An example authenticator: it "knows" everybody and believes every click. What matters is the contract.

import { createServer } from 'node:http'
import { BadRequest, Contract, makeKeys } from './contract.mjs'
import { Transactions } from './transactions.mjs'
import * as pages from './pages.mjs'

const port = Number(process.env.PORT ?? 9300)
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${port}`
const gateway = process.env.GATEWAY ?? 'http://127.0.0.1:8480'
const testMode = process.env.TEST_MODE === '1'
// Whoever clicks has the phone (or the browser) in the hand, and that is all that is proven.
const EVIDENCE = ['possession', 'user_presence']

const keys = await makeKeys()
const contract = new Contract({ issuer, gateway, keys, testMode })
const transactions = new Transactions()

const metadata = {
  issuer,
  versions_supported: [1],
  forms_supported: ['browser', 'back_channel'],
  jwks_uri: `${issuer}/jwks`,
  result_signing_alg_values_supported: ['ES256'],
  request_encryption_alg_values_supported: ['ECDH-ES'],
  authorization_endpoint: `${issuer}/authorize`,
  start_endpoint: `${issuer}/start`,
  status_endpoint: `${issuer}/status`,
  cancel_endpoint: `${issuer}/cancel`,
  test_mode: testMode,
}

const routes = {
  'GET /.well-known/fiador-authenticator': async () => json(200, metadata),
  'GET /jwks': async () => json(200, keys.set),

  // Browser form.
  'GET /authorize': async ({ query }) => {
    const transaction = await begin(query.get('request'), 'browser')
    return transaction.ended ? end(transaction) : html(200, pages.question(transaction))
  },
  'POST /answer': async ({ form }) => {
    const transaction = transactions.find(form.get('transaction'))
    if (!transaction || transaction.ended) throw new BadRequest('transaction')
    await settle(transaction, form.get('answer') === 'deny' ? 'denied' : 'approved', form.get('number') ?? undefined)
    return end(transaction)
  },

  // Back-channel form. The page of the phone stands for an app with push messages.
  'POST /start': async ({ form }) => {
    const { request } = await begin(form.get('request'), 'back_channel')
    return json(202, { id: request.jti })
  },
  'POST /status': async ({ form }) => {
    const { transaction } = await contract.read(form.get('request'), 'back_channel')
    const known = transactions.find(transaction)
    if (!known) throw new BadRequest('transaction')
    return json(200, known.ended ? { status: 'ended', result: known.result } : { status: 'pending' })
  },
  'POST /cancel': async ({ form }) => {
    const { transaction } = await contract.read(form.get('request'), 'back_channel')
    const known = transactions.find(transaction)
    if (known && !known.ended) await close(known, 'failed')
    return json(200, {})
  },
  'GET /phone': async () => html(200, pages.phone(transactions.waiting('back_channel'))),
}

/** A verified request and its transaction. After its result the request is refused. */
async function begin(token, form) {
  const request = await contract.read(token, form)
  const transaction = transactions.open(request)
  if (transaction.ended) throw new BadRequest('repeated')
  if (request.test_outcome) await settle(transaction, request.test_outcome, request.numbers?.[0])
  return transaction
}

/** The one result of a transaction. */
async function settle(transaction, outcome, number) {
  if (!['approved', 'denied', 'failed'].includes(outcome)) throw new BadRequest('outcome')
  const { numbers } = transaction.request
  if (outcome === 'approved' && numbers && !numbers.includes(number)) throw new BadRequest('number')
  await close(transaction, outcome, number)
  if (transaction.request.form === 'back_channel') push(transaction)
}

async function close(transaction, outcome, number) {
  transaction.ended = true
  transaction.result = await contract.result(transaction.request, { outcome, evidence: EVIDENCE, number })
}

/** Hands the result to the gateway; it may also fetch it. A few tries, since a network may fail. */
async function push({ request, result }) {
  for (const pause of [0, 200, 1000, 3000]) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    try {
      const response = await fetch(request.result_uri, { method: 'POST', body: new URLSearchParams({ result }), redirect: 'error' })
      if (response.status < 500 && response.status !== 404) return
    } catch {
      // Tried again.
    }
  }
}

/** The browser goes back with its result; the phone is done. */
function end({ request, result }) {
  if (request.form !== 'browser') return html(200, pages.done())
  const address = new URL(request.return_uri)
  address.searchParams.set('result', result)
  return { status: 303, headers: { location: address.href, 'cache-control': 'no-store' }, body: '' }
}

const json = (status, value) => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
const html = (status, body) => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  },
  body,
})

async function bodyOf(request) {
  const parts = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > 64 * 1024) throw new BadRequest('size')
    parts.push(part)
  }
  return new URLSearchParams(Buffer.concat(parts).toString())
}

async function answer(request) {
  const url = new URL(request.url, issuer)
  const route = routes[`${request.method} ${url.pathname}`]
  if (!route) return html(404, pages.refused())
  try {
    const form = request.method === 'POST' ? await bodyOf(request) : undefined
    return await route({ query: url.searchParams, form })
  } catch (error) {
    if (!(error instanceof BadRequest)) console.error(error)
    const status = error instanceof BadRequest ? 400 : 500
    return url.pathname === '/authorize' || url.pathname === '/answer' ? html(status, pages.refused()) : json(status, { error: 'invalid_request' })
  }
}

const server = createServer({ maxHeaderSize: 32 * 1024 }, async (request, response) => {
  const { status, headers, body } = await answer(request)
  response.writeHead(status, headers).end(body)
})
server.listen(port, process.env.HOST ?? '127.0.0.1', () => console.log(JSON.stringify({ issuer, gateway, test_mode: testMode })))
