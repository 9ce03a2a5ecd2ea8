// An OpenID Provider for tests, on the npm package `oidc-provider`. Whoever comes is logged in at once,
// as the person that the options describe.
//
// The first line on standard input is a JSON object of options (below). When it serves it prints one
// JSON line: {"issuer": "..."}. The end of standard input ends the program.

import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { Provider } from 'oidc-provider'

const options = {
  port: 0, //           must be given: the issuer names it
  redirect_uri: '', //  of the one client, `fiador` with the secret `secret`
  phone_number: '', //  of the person, in E.164
  acr: 'urn:low', //    how the person is authenticated
  denies: false, //     the person says no
}

const input = createInterface({ input: process.stdin })
input.once('line', (line) => {
  Object.assign(options, JSON.parse(line))
  serve()
})
input.once('close', () => process.exit(0))

function serve() {
  const issuer = `http://127.0.0.1:${options.port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'fiador', client_secret: 'secret', redirect_uris: [options.redirect_uri] }],
    acrValues: ['urn:low', 'urn:high'],
    claims: { openid: ['sub'], phone: ['phone_number', 'phone_number_verified'], acr: null, auth_time: null },
    cookies: { keys: ['a key for tests'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, phone_number: options.phone_number, phone_number_verified: true }),
    }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
  })
  const callback = provider.callback()
  createServer(async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return callback(request, response)
    const result = await answer(provider, await provider.interactionDetails(request, response))
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }).listen(options.port, '127.0.0.1', () => console.log(JSON.stringify({ issuer })))
}

/** Log in, then agree to whatever is asked. */
async function answer(provider, { prompt, params, session, grantId }) {
  if (options.denies) return { error: 'access_denied' }
  if (prompt.name === 'login') return { login: { accountId: 'person-1', acr: options.acr } }
  const known = grantId && (await provider.Grant.find(grantId))
  const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  return { consent: { grantId: await grant.save() } }
}
