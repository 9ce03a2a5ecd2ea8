"""A login by the PyPI package `authlib`, whose verification of the ID Token is independent of ours."""

import unittest
import urllib.parse

import httpx
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox import Sandbox


class AuthlibLogin(unittest.TestCase):
    def setUp(self):
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.stop)

    def test_a_login_with_pkce_gives_a_valid_id_token_and_the_number(self):
        for app in self.sandbox.told["apps"]:
            if app["profile"] == "oidc":
                with self.subTest(app["name"]):
                    self.log_in(app)

    def log_in(self, app):
        algorithm = app["id_token_signed_response_alg"]
        issuer = self.sandbox.told["issuer"]
        metadata = httpx.get(f"{issuer}/.well-known/openid-configuration").json()
        redirect_uri = app["redirect_uris"][0]
        verifier, nonce = generate_token(48), generate_token()
        client = OAuth2Client(
            app["client_id"],
            app["client_secret"],
            scope="openid phone",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",
        )
        self.addCleanup(client.close)
        start, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        phone = self.sandbox.sms_phone()

        landed = self.sandbox.log_in(phone, start, redirect_uri)
        token = client.fetch_token(
            metadata["token_endpoint"],
            authorization_response=landed,
            state=state,
            code_verifier=verifier,
        )

        keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"]).json())
        claims = jwt.decode(token["id_token"], keys, algorithms=[algorithm]).claims
        registry = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": app["client_id"]},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        registry.validate(claims)

        userinfo = client.get(metadata["userinfo_endpoint"]).raise_for_status().json()
        self.assertEqual(userinfo["sub"], claims["sub"])
        self.assertEqual(userinfo["phone_number"].lstrip("+"), phone["msisdn"])
        self.assertNotIn(phone["msisdn"], urllib.parse.unquote(landed))


if __name__ == "__main__":
    unittest.main()
