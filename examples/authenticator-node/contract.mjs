// The contract, version 1: a signed request comes in, a signed result goes out.
// docs/reference/adaptor-contract.md says what each claim means.

import { randomUUID } from 'node:crypto'
import {
  SignJWT, calculateJwkThumbprint, compactDecrypt, createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify,
} from 'jose'

const VERSION = 1
const MAX_REQUEST = 16 * 1024
const RESULT_LIFE = 120

/** Why a request is not answered: shown as a status, never as a redirect. */
export class BadRequest extends Error {}

/** The keys of this authenticator. A real one keeps them; here they live as long as the process. */
export async function makeKeys() {
  const signature = await generateKeyPair('ES256')
  const encryption = await generateKeyPair('ECDH-ES', { crv: 'P-256' })
  const publish = async (key, members) => {
    const jwk = await exportJWK(key)
    return { ...jwk, kid: await calculateJwkThumbprint(jwk), ...members }
  }
  return {
    signature: signature.privateKey,
    encryption: encryption.privateKey,
    set: {
      keys: [
        await publish(signature.publicKey, { use: 'sig', alg: 'ES256' }),
        await publish(encryption.publicKey, { use: 'enc', alg: 'ECDH-ES' }),
      ],
    },
  }
}

/** Both directions of the contract, for one gateway. */
export class Contract {
  constructor({ issuer, gateway, keys, testMode }) {
    Object.assign(this, { issuer, gateway, keys, testMode })
  }

  /** The claims of a request that this gateway signed for us, in this form, and that is not too old. */
  async read(request, form) {
    if (typeof request !== 'string' || request.length > MAX_REQUEST) throw new BadRequest('size')
    const claims = await this.#verified(await this.#decrypted(request))
    if (claims.version !== VERSION) throw new BadRequest('version')
    if (claims.form !== form) throw new BadRequest('form')
    if (claims.exp - claims.iat > 300) throw new BadRequest('exp')
    const texts = ['jti', 'transaction', 'nonce', 'sub', 'client_name', form === 'browser' ? 'return_uri' : 'result_uri']
    for (const name of texts) {
      if (typeof claims[name] !== 'string' || claims[name] === '') throw new BadRequest(name)
    }
    if (claims.test_outcome !== undefined && !this.testMode) throw new BadRequest('test_outcome')
    return claims
  }

  /** A result for a request. `answer`: `{ outcome, evidence, number }`. */
  async result(request, { outcome, evidence, number }) {
    const now = Math.floor(Date.now() / 1000)
    const { transaction, nonce, sub } = request
    const approved = outcome === 'approved' ? { evidence, number } : {}
    return new SignJWT({ version: VERSION, transaction, nonce, sub, outcome, ...approved })
      .setProtectedHeader({ alg: 'ES256', typ: 'fiador-authn-result+jwt', kid: this.keys.set.keys[0].kid })
      .setIssuer(this.issuer)
      .setAudience(this.gateway)
      .setIssuedAt(now)
      .setExpirationTime(now + RESULT_LIFE)
      .setJti(randomUUID())
      .sign(this.keys.signature)
  }

  async #decrypted(token) {
    if (token.split('.').length !== 5) return token
    try {
      const { plaintext, protectedHeader } = await compactDecrypt(token, this.keys.encryption, {
        keyManagementAlgorithms: ['ECDH-ES'],
        contentEncryptionAlgorithms: ['A256GCM'],
      })
      if (protectedHeader.cty !== 'JWT') throw new BadRequest('cty')
      return new TextDecoder().decode(plaintext)
    } catch {
      throw new BadRequest('encryption')
    }
  }

  async #verified(token) {
    try {
      const { payload } = await jwtVerify(token, await this.#gatewayKeys(), {
        algorithms: ['ES256', 'RS256'],
        typ: 'fiador-authn-request+jwt',
        issuer: this.gateway,
        requiredClaims: ['iat', 'exp'],
      })
      // One audience, exactly: a list would let others be meant as well.
      if (payload.aud !== this.issuer) throw new BadRequest('aud')
      if (payload.iat > Math.floor(Date.now() / 1000) + 60) throw new BadRequest('iat')
      return payload
    } catch (error) {
      if (error instanceof BadRequest) throw error
      throw new BadRequest(error.code ?? 'signature')
    }
  }

  /** The keys of the gateway, by way of its metadata; found once, and asked again when a key is new. */
  async #gatewayKeys() {
    if (!this.gatewayKeys) {
      const response = await fetch(`${this.gateway}/.well-known/openid-configuration`)
      const metadata = await response.json()
      if (metadata.issuer !== this.gateway) throw new BadRequest('gateway')
      this.gatewayKeys = createRemoteJWKSet(new URL(metadata.jwks_uri))
    }
    return this.gatewayKeys
  }
}
