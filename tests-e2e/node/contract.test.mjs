// The machine contract of the sandbox, and a Mobile Connect login driven with nothing but HTTP.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { application, messages, smsPhone, startSandbox } from './sandbox.mjs';
import { logIn } from './user.mjs';

let sandbox;
before(async () => (sandbox = await startSandbox()));
after(() => sandbox?.stop());

test('the announcement has every field of the contract', () => {
  for (const url of [sandbox.issuer, sandbox.discovery, sandbox.admin.url, sandbox.sandbox]) {
    assert.equal(new URL(url).hostname, 'localhost');
  }
  assert.match(new URL(sandbox.discovery).pathname, /\/v2\/discovery$/);
  assert.ok(sandbox.admin.token);
  const profiles = sandbox.apps.map((app) => app.profile);
  assert.ok(profiles.includes('mobile_connect') && profiles.includes('oidc'), `${profiles}`);
  for (const app of sandbox.apps) {
    assert.ok(app.name.length <= 16 && app.redirect_uris.length > 0 && app.scopes.length > 0, app.name);
    const words = [app.client_id, app.client_secret, app.discovery_client_id, app.discovery_client_secret];
    for (const word of words) assert.match(word, /^[A-Za-z0-9_-]+$/);
  }
  assert.ok(sandbox.phones.length >= 5);
  for (const phone of sandbox.phones) assert.match(phone.msisdn, /^[1-9]\d{6,14}$/);
  assert.equal(sandbox.phones.filter((phone) => phone.auto).length, 1);
});

test('the same seed gives the same identifiers and secrets', async () => {
  const told = async () => {
    const seeded = await startSandbox('--seed', '7');
    await seeded.stop();
    return seeded.apps.map((app) => [app.client_id, app.client_secret]);
  };
  assert.deepEqual(await told(), await told());
});

test('a Mobile Connect login gives tokens and the reference of the subscriber', async () => {
  const app = application(sandbox, 'mobile_connect');
  const metadata = await (await fetch(`${sandbox.issuer}/.well-known/openid-configuration`)).json();
  assert.equal(metadata.issuer, sandbox.issuer);
  const phone = smsPhone(sandbox);
  const [redirectUri] = app.redirect_uris;
  const start = new URL(metadata.authorization_endpoint);
  start.search = new URLSearchParams({
    client_id: app.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid mc_authn',
    version: 'mc_di_r2_v2.3',
    acr_values: '2',
    state: 'a state with spaces',
    nonce: 'n-1',
    login_hint: `MSISDN:${phone.msisdn}`,
  });

  const landed = await logIn(sandbox, phone, start, redirectUri);
  assert.equal(landed.searchParams.get('state'), 'a state with spaces');
  const code = landed.searchParams.get('code');
  assert.ok(code, `${landed}`);

  const message = (await messages(sandbox, phone)).at(-1);
  assert.ok(message.id && message.from && message.received_at);
  // The WebOTP format: the last line binds the code to the host of the page.
  assert.match(message.text.split('\n').at(-1), /^@localhost #\d{6}$/);

  const answer = await redeem(metadata, app, code, redirectUri);
  assert.equal(answer.status, 200);
  const tokens = await answer.json();
  assert.equal(tokens.token_type, 'Bearer');
  const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
  assert.equal(claims.iss, sandbox.issuer);
  assert.equal(claims.nonce, 'n-1');
  assert.equal(claims.acr, '2');
  assert.ok(claims.sub && !claims.sub.includes(phone.msisdn));

  // RFC 6749 §4.1.2: a code works once, and trying again ends what it gave.
  assert.equal((await redeem(metadata, app, code, redirectUri)).status, 400);
  const userinfo = await fetch(metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  assert.equal(userinfo.status, 401);
});

function redeem(metadata, app, code, redirectUri) {
  const credentials = Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64');
  return fetch(metadata.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
  });
}
