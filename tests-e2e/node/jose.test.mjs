// Tokens of `fiador-jose` read by the package `jose`, and the other way round.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import {
  CompactEncrypt, CompactSign, calculateJwkThumbprint, compactDecrypt, compactVerify, exportJWK, generateKeyPair, importJWK,
} from 'jose';

const binary = process.env.FIADOR_TOKENS ?? fileURLToPath(new URL('../../target/debug/examples/tokens', import.meta.url));
const CLAIMS = '{"sub":"a","phone_number":"+34600000001"}';
const bytes = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);

let fiador, answers;
before(() => {
  fiador = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
  answers = createInterface({ input: fiador.stdout })[Symbol.asyncIterator]();
});
after(() => fiador?.stdin.end());

/** One request to the example program, and its answer. */
async function ask(request) {
  fiador.stdin.write(`${JSON.stringify(request)}\n`);
  return JSON.parse((await answers.next()).value);
}

/** A key pair of this package, and its public half as registered by a client. */
async function keyPair(alg, use, options) {
  const pair = await generateKeyPair(alg, { extractable: true, ...options });
  return { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), use, kid: 'client-key' } };
}

for (const alg of ['RSA-OAEP-256', 'ECDH-ES']) {
  test(`${alg}: what we encrypt is read by jose`, async () => {
    const { privateKey, jwk } = await keyPair(alg, 'enc', { crv: 'P-256' });
    const { token } = await ask({ do: 'encrypt', alg, jwk, cty: 'JWT', plaintext: CLAIMS });
    const opened = await compactDecrypt(token, privateKey);
    assert.equal(text(opened.plaintext), CLAIMS);
    const { alg: named, enc, kid, cty } = opened.protectedHeader;
    assert.deepEqual([named, enc, kid, cty], [alg, 'A256GCM', 'client-key', 'JWT']);
  });

  for (const enc of ['A256GCM', 'A256CBC-HS512']) {
    test(`${alg} with ${enc}: what jose encrypts is read by us`, async () => {
      const { key: { jwk, private: privateKey } } = await ask({ do: 'generate', alg });
      assert.equal(await calculateJwkThumbprint(jwk), jwk.kid);
      const token = await new CompactEncrypt(bytes(CLAIMS))
        .setProtectedHeader({ alg, enc, kid: jwk.kid })
        .encrypt(await importJWK(jwk, alg));
      assert.deepEqual(await ask({ do: 'decrypt', alg, private: privateKey, token }), { plaintext: CLAIMS });

      const damaged = token.replace(/.{8}$/, 'AAAAAAAA');
      assert.deepEqual(await ask({ do: 'decrypt', alg, private: privateKey, token: damaged }), {
        error: 'the token cannot be decrypted',
      });
    });
  }
}

test('the names of the parties are part of an agreed key', async () => {
  const { key: { jwk, private: privateKey } } = await ask({ do: 'generate', alg: 'ECDH-ES' });
  const token = await new CompactEncrypt(bytes(CLAIMS))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .setKeyManagementParameters({ apu: bytes('Alice'), apv: bytes('Bob') })
    .encrypt(await importJWK(jwk, 'ECDH-ES'));
  assert.deepEqual(await ask({ do: 'decrypt', alg: 'ECDH-ES', private: privateKey, token }), { plaintext: CLAIMS });
});

for (const alg of ['RS256', 'PS256', 'ES256']) {
  test(`${alg}: signatures are good on both sides`, async () => {
    const { signed } = await ask({ do: 'sign', alg, plaintext: CLAIMS });
    const verified = await compactVerify(signed.token, await importJWK(signed.jwk, alg));
    assert.equal(text(verified.payload), CLAIMS);

    const { privateKey, jwk } = await keyPair(alg, 'sig');
    const token = await new CompactSign(bytes(CLAIMS)).setProtectedHeader({ alg, kid: jwk.kid }).sign(privateKey);
    const jwks = { keys: [signed.jwk, jwk] };
    assert.deepEqual(await ask({ do: 'verify', alg, jwks, token }), { plaintext: CLAIMS });
    const { error } = await ask({ do: 'verify', alg, jwks: { keys: [signed.jwk] }, token });
    assert.match(error, /no registered key/);
  });
}
