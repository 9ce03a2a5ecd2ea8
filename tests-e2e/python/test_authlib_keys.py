"""`authlib` with keys of its own: assertions, pushed and signed requests, `form_post`, refresh."""

import time
import unittest

import httpx
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from sandbox import Sandbox

REDIRECT_URI = "http://127.0.0.1/callback"
SCOPES = ["openid", "phone", "offline_access"]
KEYS = {"RS256": (RSAKey, 2048), "PS256": (RSAKey, 2048), "ES256": (ECKey, "P-256")}


def key_pair(algorithm):
    """A new key of the client; its id is the thumbprint."""
    kind, size = KEYS[algorithm]
    return kind.generate_key(size, {"use": "sig", "alg": algorithm}, auto_kid=True)


class ShortLived(PrivateKeyJWT):
    """Assertions of a minute: those of the package live for an hour, and five minutes are allowed
    (T-061)."""

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(
            auth.client_secret,
            auth.client_id,
            token_endpoint,
            alg=self.alg,
            header=dict(self.headers),
            claims={"exp": int(time.time()) + 60},
        )


class AuthlibWithKeys(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.stop)
        issuer = cls.sandbox.told["issuer"]
        cls.metadata = httpx.get(f"{issuer}/.well-known/openid-configuration").json()

    def client(self, algorithm, **registration):
        """An application that proves itself by a key and may refresh; its client and its key."""
        key = key_pair(algorithm)
        app = self.sandbox.register(
            redirect_uris=[REDIRECT_URI],
            scopes=SCOPES,
            grant_types=["authorization_code", "refresh_token"],
            token_endpoint_auth_method="private_key_jwt",
            jwks={"keys": [key.as_dict(private=False)]},
            **registration,
        )
        client = OAuth2Client(
            app["client_id"],
            key,
            scope=SCOPES,
            redirect_uri=REDIRECT_URI,
            token_endpoint_auth_method="private_key_jwt",
        )
        client.register_client_auth_method(ShortLived(headers={"kid": key.kid}, alg=algorithm))
        self.addCleanup(client.close)
        return client, key

    def parameters(self, client, verifier, **more):
        return {
            "client_id": client.client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            **more,
        }

    def push(self, client, parameters):
        """Pushes a request (RFC 9126); gives where the browser goes."""
        answer = client.request(
            "POST",
            self.metadata["pushed_authorization_request_endpoint"],
            data=parameters,
            auth=client.client_auth("private_key_jwt"),
            withhold_token=True,
        )
        self.assertEqual(answer.status_code, 201, answer.text)
        query = {"client_id": client.client_id, "request_uri": answer.json()["request_uri"]}
        return str(httpx.URL(self.metadata["authorization_endpoint"], params=query))

    def finish(self, client, start, verifier):
        """Logs in by a posted form, exchanges the code, and checks the ID Token and the number."""
        phone = self.sandbox.sms_phone()
        posted = self.sandbox.log_in(phone, start, REDIRECT_URI)
        self.assertEqual(posted["state"], "a state")
        self.assertEqual(posted["iss"], self.metadata["issuer"])
        token = client.fetch_token(
            self.metadata["token_endpoint"], code=posted["code"], code_verifier=verifier
        )
        keys = KeySet.import_key_set(httpx.get(self.metadata["jwks_uri"]).json())
        claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
        self.assertEqual((claims["aud"], claims["nonce"]), ([client.client_id], "a nonce"))
        self.shares_its_number(client, phone)

    def shares_its_number(self, client, phone):
        userinfo = client.get(self.metadata["userinfo_endpoint"]).raise_for_status().json()
        self.assertEqual(userinfo["phone_number"], "+" + phone["msisdn"])

    def test_a_pushed_request_answered_by_form_post_and_a_refresh(self):
        for algorithm in KEYS:
            with self.subTest(algorithm):
                client, _ = self.client(algorithm, require_pushed_authorization_requests=True)
                verifier = generate_token(48)
                request = self.parameters(client, verifier, response_mode="form_post")
                self.finish(client, self.push(client, request), verifier)
                first = client.token["access_token"]
                client.refresh_token(
                    self.metadata["token_endpoint"], refresh_token=client.token["refresh_token"]
                )
                self.assertNotEqual(client.token["access_token"], first)
                self.shares_its_number(client, self.sandbox.sms_phone())

    def test_a_signed_request_that_was_pushed(self):
        for algorithm in KEYS:
            with self.subTest(algorithm):
                client, key = self.client(algorithm, request_object_signing_alg=algorithm)
                verifier = generate_token(48)
                claims = {
                    "iss": client.client_id,
                    "aud": self.metadata["issuer"],
                    **self.parameters(client, verifier, response_mode="form_post"),
                }
                header = {"alg": algorithm, "kid": key.kid, "typ": "oauth-authz-req+jwt"}
                # Without a list of its own the package refuses what is not recommended, such as PS256.
                signed = jwt.encode(header, claims, key, registry=JWSRegistry(algorithms=[algorithm]))
                request = {"client_id": client.client_id, "request": signed}
                self.finish(client, self.push(client, request), verifier)


if __name__ == "__main__":
    unittest.main()
