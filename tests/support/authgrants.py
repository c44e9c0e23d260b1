"""The grants that the authorization server of the tests knows, as authlib implements them for servers."""

import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2 import rfc8628
from authlib.oauth2.rfc6749 import AuthorizationServer, grants
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload, OAuth2Request
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion, JWTBearerGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from joserfc import jwt
from joserfc.jwk import RSAKey

METHODS = ["client_secret_post", "none", "client_assertion_jwt"]


class Request(OAuth2Request):
    """One request: what came in the address and in the body."""

    def __init__(self, method: str, path: str, headers: Any, body: str) -> None:
        super().__init__(method, f"https://127.0.0.1{path}", None, dict(headers))
        self._form = dict(parse_qsl(body))
        self._args = dict(parse_qsl(urlsplit(path).query))
        self.payload = BasicOAuth2Payload({**self._args, **self._form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Thing:
    """A client, a code or a refresh token, with all that authlib asks it."""

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri.startswith("http://127.0.0.1:")

    def check_client_secret(self, secret: str) -> bool:
        return bool(self.secret) and secret == self.secret

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == self.method

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, _grant: str) -> bool:
        return True

    def check_client(self, client: "Thing") -> bool:
        return self.client_id == client.client_id

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_user_code(self) -> str:
        return self.user_code

    def is_expired(self) -> bool:
        return False


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        self.server.codes[code] = Thing(
            client_id=request.client.client_id,
            redirect_uri=data["redirect_uri"],
            scope=data["scope"],
            user=request.user,
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code: str, _client: Any) -> Any:
        return self.server.codes.get(code)

    def delete_authorization_code(self, code: Any) -> None:
        self.server.codes = {key: one for key, one in self.server.codes.items() if one is not code}

    def authenticate_user(self, code: Any) -> str:
        return code.user


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, token: str) -> Any:
        return self.server.refreshing.get(token)

    def authenticate_user(self, credential: Any) -> str:
        return credential.user

    def revoke_old_credential(self, credential: Any) -> None:
        del self.server.refreshing[credential.token]


class ApplicationGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class DeviceGrant(rfc8628.DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def query_device_credential(self, code: str) -> Any:
        return self.server.devices.get(code)

    def query_user_grant(self, user_code: str) -> Any:
        return self.server.answers.get(user_code)

    def should_slow_down(self, _credential: Any) -> bool:
        self.server.polls += 1
        return self.server.polls == 1


class DeviceEndpoint(rfc8628.DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def get_verification_uri(self) -> str:
        return "https://login.example/device"

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
        self.server.devices[data["device_code"]] = Thing(
            client_id=client_id, scope=scope, user_code=data["user_code"]
        )


class DelegationGrant(JWTBearerGrant):
    def get_audiences(self) -> list[str]:
        return [self.server.token_url]

    def resolve_issuer_client(self, issuer: str) -> Any:
        return self.server.query_client(issuer)

    def resolve_client_public_key(self, client: Any) -> Any:
        return RSAKey.import_key(client.key)

    def authenticate_user(self, subject: str) -> str:
        return subject

    def has_granted_permission(self, client: Any, user: str) -> bool:
        return user in client.users


class Certified(JWTBearerClientAssertion):
    def __init__(self, server: "Provider") -> None:
        super().__init__()
        self.server = server

    def get_audiences(self) -> list[str]:
        return [self.server.token_url]

    def validate_jti(self, _claims: Any, jti: str) -> bool:
        new = jti not in self.server.seen
        self.server.seen.add(jti)
        return new

    def resolve_client_public_key(self, client: Any) -> Any:
        return RSAKey.import_key(client.key)

    def process_assertion_claims(self, assertion: str, key: Any) -> Any:
        token = jwt.decode(assertion, key, algorithms=["PS256"])  # as Microsoft wants it
        self.server.headers = token.header
        self.verify_claims(token.claims)
        return token.claims


class Provider(AuthorizationServer):
    """authlib's server without a web framework: a response is status, body and headers."""

    def __init__(self, token_url: str, issue: Any) -> None:
        super().__init__()
        self.token_url, self.issue = token_url, issue
        self.clients: dict[str, Thing] = {}
        self.codes: dict[str, Thing] = {}
        self.refreshing: dict[str, Thing] = {}
        self.devices: dict[str, Thing] = {}
        self.answers: dict[str, tuple[str, bool]] = {}
        self.seen: set[str] = set()
        self.polls = 0
        self.headers: dict[str, str] = {}
        for grant in (RefreshGrant, ApplicationGrant, DeviceGrant, DelegationGrant):
            self.register_grant(grant)
        self.register_grant(CodeGrant, [CodeChallenge(required=True)])
        self.register_endpoint(DeviceEndpoint)
        self.register_client_auth_method("client_assertion_jwt", Certified(self))
        self.register_token_generator("default", self._made)

    def _made(
        self, client: Any, grant_type: str, user: str = "", scope: str = "", **more: Any
    ) -> dict[str, Any]:
        made = {**self.issue(user or client.mailbox), "token_type": "Bearer", "scope": scope}
        if more.get("include_refresh_token") and user:
            token = f"refresh-{time.monotonic_ns()}"
            self.refreshing[token] = Thing(client_id=client.client_id, user=user, scope=scope, token=token)
            made["refresh_token"] = token
        return made

    def query_client(self, client_id: str) -> Any:
        return self.clients.get(client_id)

    def save_token(self, _token: Any, _request: Any) -> None:
        """It was saved when it was made."""

    def send_signal(self, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, dict[str, str]]:
        return status, body, dict(headers)
