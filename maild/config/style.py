"""The one stylesheet of every page of HTML that maild writes: inline, so that nothing is fetched."""

import base64
from hashlib import sha256

from markupsafe import Markup

from maild.config.share import shipped


def style() -> Markup:
    """The text of ``config/style.css``, for a ``style`` element."""
    return Markup((shipped("config") / "style.css").read_text("utf-8").strip())  # noqa: S704 - our own file


def allowed() -> str:
    """The Content-Security-Policy that lets this stylesheet in and nothing else (CSP3 §2.3.1)."""
    digest = base64.b64encode(sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"
