// A login by the npm package `openid-client`, which checks everything that a relying party must.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as client from 'openid-client';

import { application, smsPhone, startSandbox } from './sandbox.mjs';
import { logIn } from './user.mjs';

let sandbox;
before(async () => (sandbox = await startSandbox()));
after(() => sandbox?.stop());

const configuration = (app, metadata) =>
  client.discovery(new URL(sandbox.issuer), app.client_id, { client_secret: app.client_secret, ...metadata }, undefined, {
    execute: [client.allowInsecureRequests],
  });

test('a login with PKCE, attributes, introspection and revocation', async () => {
  const app = application(sandbox, 'oidc');
  const config = await configuration(app);
  const verifier = client.randomPKCECodeVerifier();
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  };
  const [redirectUri] = app.redirect_uris;
  const start = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid phone',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  const phone = smsPhone(sandbox);

  const landed = await logIn(sandbox, phone, start, redirectUri);
  const tokens = await client.authorizationCodeGrant(config, landed, checks);
  const { sub } = tokens.claims();

  const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(userinfo.phone_number?.replace('+', ''), phone.msisdn);

  const before = await client.tokenIntrospection(config, tokens.access_token);
  assert.equal(before.active, true);
  assert.equal(before.client_id, app.client_id);
  await client.tokenRevocation(config, tokens.access_token);
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub));
});

test('an application registered for ES256 gets an ID Token that verifies', async () => {
  const app = sandbox.apps.find((one) => one.id_token_signed_response_alg === 'ES256');
  const config = await configuration(app, { id_token_signed_response_alg: 'ES256' });
  client.enableNonRepudiationChecks(config);
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), idTokenExpected: true };
  const [redirectUri] = app.redirect_uris;
  const start = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
  });
  const landed = await logIn(sandbox, smsPhone(sandbox), start, redirectUri);
  const tokens = await client.authorizationCodeGrant(config, landed, checks);
  assert.ok(tokens.claims().sub);
  // The code is spent: a second exchange is refused, as the client expects it.
  await assert.rejects(client.authorizationCodeGrant(config, landed, checks), { error: 'invalid_grant' });
});

test('a request without session and without user interface is refused as the client expects', async () => {
  const app = application(sandbox, 'oidc');
  const config = await configuration(app);
  const verifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const [redirectUri] = app.redirect_uris;
  const start = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid',
    prompt: 'none',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: expectedState,
  });
  const landed = await logIn(sandbox, smsPhone(sandbox), start, redirectUri);
  await assert.rejects(
    client.authorizationCodeGrant(config, landed, { pkceCodeVerifier: verifier, expectedState }),
    { error: 'login_required' },
  );
});
