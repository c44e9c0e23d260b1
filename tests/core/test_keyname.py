"""The fingerprint of a public key: the ones that standards print beside their sample keys."""

from base64 import b64decode

import pytest

from maild.core.mail.keyname import fingerprint

V4 = b64decode("xjMEU/NfCxYJKwYBBAHaRw8BAQdAPwmJlL3ZFu1AUxl5NOSofIBzOhKA1i+AEJkuQ+47JAY=")
V6 = b64decode("xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laM=")
V5 = b64decode("BVyR9OQWAAAALQkrBgEEAdpHDwEBB0BYWZVXFVbcH/ttcTUD1/nnDCSQS9DD3X4++YrsfpsvEA==")
NAMES = {
    "RFC 9580, A.1": (V4, "C959BDBAFA32A2F89A153B678CFDE12197965A9A"),
    "RFC 9580, A.3": (V6, "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9"),
    "draft-ietf-openpgp-rfc4880bis-10": (
        bytes([0x98, len(V5)]) + V5,
        "19347BC9872464025F99DF3EC2E0000ED9884892E1F7B3EA4C94009159569B54",
    ),
}


@pytest.mark.parametrize("source", NAMES)
def test_a_key_has_the_name_that_its_standard_gives_it(source: str) -> None:
    """With whatever stands behind its first packet, as its user ids do."""
    key, name = NAMES[source]
    assert fingerprint(key) == name
    assert fingerprint(key + b"\xcd\x04Anna") == name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        b"\xc6\x00",
        b"\xcd\x04Anna" + V4,
        b"\xce" + V4[1:],
        V4[:2] + b"\x03" + V4[3:],
        V4[:2] + b"\x07" + V4[3:],
    ],
    ids=["nothing", "text", "empty", "a user id first", "a subkey", "version 3", "version 7"],
)
def test_what_is_no_key_has_no_name(content: bytes) -> None:
    """Nor has one of a version that is not known."""
    assert fingerprint(content) == ""
