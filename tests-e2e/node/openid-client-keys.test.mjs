// `openid-client` with keys of its own: assertions, pushed and signed requests, `form_post`, refresh.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';

import { register, smsPhone, startSandbox } from './sandbox.mjs';
import { logIn } from './user.mjs';

const REDIRECT_URI = 'http://127.0.0.1/callback';

let sandbox;
before(async () => (sandbox = await startSandbox()));
after(() => sandbox?.stop());

/** An application that may refresh, and its configuration as seen by the client. */
async function configured(registration, metadata, authentication) {
  const app = await register(sandbox, {
    redirect_uris: [REDIRECT_URI],
    post_logout_redirect_uris: [REDIRECT_URI],
    scopes: ['openid', 'phone', 'offline_access'],
    grant_types: ['authorization_code', 'refresh_token'],
    ...registration,
  });
  const told = { ...metadata, ...(app.client_secret && { client_secret: app.client_secret }) };
  const options = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] };
  return client.discovery(new URL(sandbox.issuer), app.client_id, told, authentication, options);
}

/** A key of the client, and the set that is registered of it. */
async function keyPair(alg) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = `client-${alg}`;
  return { key: { key: privateKey, kid }, jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] } };
}

/** What a request needs, and what its answer is checked by. */
async function request(parameters) {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  };
  return [checks, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid phone offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  }];
}

async function sharesItsNumber(config, tokens, sub, phone) {
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(userinfo.phone_number, `+${phone.msisdn}`);
}

for (const alg of ['RS256', 'PS256', 'ES256']) {
  test(`a pushed request answered by form_post, with assertions by ${alg}, then refreshes`, async () => {
    const { key, jwks } = await keyPair(alg);
    const config = await configured(
      {
        jwks,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: alg,
        require_pushed_authorization_requests: true,
      },
      {},
      client.PrivateKeyJwt(key),
    );
    const [checks, parameters] = await request({ response_mode: 'form_post' });
    const phone = smsPhone(sandbox);

    const start = await client.buildAuthorizationUrlWithPAR(config, parameters);
    assert.deepEqual([...start.searchParams.keys()].sort(), ['client_id', 'request_uri']);
    const posted = await logIn(sandbox, phone, start, REDIRECT_URI);
    assert.equal(posted.method, 'POST');
    let tokens = await client.authorizationCodeGrant(config, posted, checks);
    const { sub } = tokens.claims();
    await sharesItsNumber(config, tokens, sub, phone);

    for (let time = 0; time < 2; time += 1) {
      const used = tokens.refresh_token;
      tokens = await client.refreshTokenGrant(config, used);
      tokens.refresh_token ??= used;
      await sharesItsNumber(config, tokens, sub, phone);
    }
    await client.tokenRevocation(config, tokens.refresh_token);
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
  });

  test(`a request signed by ${alg} is answered in the query`, async () => {
    const { key, jwks } = await keyPair(alg);
    const config = await configured({ jwks, request_object_signing_alg: alg }, {});
    const [checks, parameters] = await request({});
    const phone = smsPhone(sandbox);
    const start = await client.buildAuthorizationUrlWithJAR(config, parameters, key);
    const landed = await logIn(sandbox, phone, start, REDIRECT_URI);
    const tokens = await client.authorizationCodeGrant(config, landed, checks);
    await sharesItsNumber(config, tokens, tokens.claims().sub, phone);
  });
}

test('an assertion by a key that is not registered is refused', async () => {
  const [{ jwks }, { key }] = [await keyPair('ES256'), await keyPair('ES256')];
  const registration = { jwks, token_endpoint_auth_method: 'private_key_jwt' };
  const config = await configured(registration, {}, client.PrivateKeyJwt(key));
  const [, parameters] = await request({});
  await assert.rejects(client.buildAuthorizationUrlWithPAR(config, parameters), { status: 401 });
});

test('attributes as a signed JWT are verified', async () => {
  const config = await configured({ userinfo_signed_response_alg: 'ES256' }, { userinfo_signed_response_alg: 'ES256' });
  const [checks, parameters] = await request({});
  const phone = smsPhone(sandbox);
  const landed = await logIn(sandbox, phone, client.buildAuthorizationUrl(config, parameters), REDIRECT_URI);
  const tokens = await client.authorizationCodeGrant(config, landed, checks);
  await sharesItsNumber(config, tokens, tokens.claims().sub, phone);
});

test('the address of a logout that the client builds leads back to it', async () => {
  const config = await configured({}, {});
  const [checks, parameters] = await request({});
  const phone = smsPhone(sandbox);
  const landed = await logIn(sandbox, phone, client.buildAuthorizationUrl(config, parameters), REDIRECT_URI);
  const tokens = await client.authorizationCodeGrant(config, landed, checks);
  const out = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: REDIRECT_URI,
    state: 'out',
  });
  const answer = await fetch(out, { redirect: 'manual' });
  assert.equal(answer.headers.get('location'), `${REDIRECT_URI}?state=out`);
});
