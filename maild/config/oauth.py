"""``[oauth]``: how the desk comes by the token that it logs in with."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, model_validator

from maild.config.fields import Section, Words, is_loopback

Grant = Literal["", "authorization-code", "device-code", "client-credentials", "service-account"]
TENANT = "{tenant}"


def _endpoint(value: str) -> str:
    """An address of the provider's; secrets go there, so it is encrypted or on this machine."""
    wanted = "an https:// address of the provider"
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        raise ValueError(wanted) from None
    local = parts.scheme == "http" and is_loopback(host)
    if value and (not host or not value.isascii() or not (parts.scheme == "https" or local)):
        raise ValueError(wanted)
    return value


Endpoint = Annotated[str, AfterValidator(_endpoint)]

_NEEDS: dict[str, tuple[str, ...]] = {
    "authorization-code": ("client_id", "authorize_url", "token_url", "scopes"),
    "device-code": ("client_id", "device_url", "token_url", "scopes"),
    "client-credentials": ("client_id", "token_url"),
    "service-account": ("account_file", "token_url"),
}


class OAuthSection(Section):
    """``[oauth]``. Without a ``grant`` there is no token."""

    grant: Grant = ""
    client_id: str = ""
    client_secret_file: str = ""
    certificate_file: str = ""
    account_file: str = ""
    tenant: str = ""
    authorize_url: Endpoint = ""
    device_url: Endpoint = ""
    token_url: Endpoint = ""
    scopes: tuple[Words, ...] = ()
    application_scopes: tuple[Words, ...] = ()
    ca_file: str = ""

    @model_validator(mode="after")
    def _enough(self) -> Self:
        missing = [name for name in _NEEDS.get(self.grant, ()) if not getattr(self, name)]
        if missing:
            raise ValueError(f'{", ".join(missing)}, for grant = "{self.grant}"')
        if self.grant and TENANT in self.token_url and not self.tenant:
            raise ValueError("tenant, the directory (tenant) id of the application")
        if self.grant == "client-credentials" and bool(self.client_secret_file) == bool(
            self.certificate_file
        ):
            raise ValueError("client_secret_file or certificate_file, one of them")
        if self.grant in ("client-credentials", "service-account") and not self.asked:
            raise ValueError("application_scopes, what the application may do")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """The scopes to ask for; those of an application that acts by itself differ at some providers."""
        own = self.grant in ("client-credentials", "service-account")
        return (self.application_scopes if own else ()) or self.scopes

    def url(self, name: str) -> str:
        """One of the addresses, with the tenant in its place."""
        found: str = getattr(self, f"{name}_url")
        return found.replace(TENANT, self.tenant)
