"""What the flags of a case mean, for people: the codes are for programs (``--json``)."""

from collections.abc import Mapping

from maild.core.values.case import Flag

WORDS: Mapping[str, str] = {
    Flag.UNREADABLE: "could not be decrypted",
    Flag.NOT_OPENED_YET: "waiting to be decrypted",
    Flag.UNVERIFIED_MEMBER: "a message claims to be from the team",
    Flag.RECEIPT_BY_HAND: "not acknowledged automatically",
    Flag.REPORTER_UNREACHABLE: "reporter cannot be reached",
    Flag.ODD_ARRIVAL: "time of arrival in doubt",
    Flag.POSSIBLY_RELATED: "possibly related to another case",
    Flag.BUNDLE: "may describe several issues",
    Flag.PUT_ASIDE: "a message was moved to quarantine",
    Flag.TRUNCATED: "too large to read in full",
    Flag.READ_IN_PART: "read in part",
    Flag.SMIME: "S/MIME, which maild cannot open",
    Flag.KEY_CHANGED: "a different key was offered",
    Flag.KEY_OFFERED: "a key was offered",
    Flag.KEY_REFUSED: "a key cannot be used",
    Flag.KEY_REVOKED: "the reporter revoked their key",
    Flag.LEAKED_KEY: "the reporter sent a secret key",
    Flag.OTHER_AUTHOR_INSIDE: "an encrypted message names two authors",
    Flag.UNSEALABLE: "a letter could not be encrypted",
    Flag.FORWARDED: "forwarded by a member",
    Flag.NOT_CARRIED: "a message could not be copied",
    Flag.OUTSIDER: "somebody outside the team was in copy",
    Flag.TIME_OVER: "written by somebody who no longer has access",
    Flag.FROM_DESK: "came from the desk's own address",
}
