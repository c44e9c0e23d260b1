"""Reasons as people read them: one sentence for each screening rule and each sign of automatic mail.

Records and ``--json`` of the measuring commands keep the short names; these are for eyes.
"""

_RULES = {
    "ham-word": "The subject holds the word that the policy asks reporters to write.",
    "project-name": "The subject names the project.",
    "advisory-id": "The subject holds the number of an advisory, such as a CVE id.",
    "flaw": "The subject names a kind of vulnerability.",
    "reporting": "The subject speaks of bugs, of disclosure, or of whom to ask.",
    "bug-grammar": "The subject says what a fault lets somebody do.",
    "business-logic": "The subject says how goods or payments can be abused.",
    "code": "The subject names a function, a file, a path or an option.",
    "version": "The subject names a version.",
    "technical": "The subject uses words of the trade.",
    "conversation": "The subject was changed within a conversation.",
    "answer": "The message answers another one.",
    "adult": "The subject speaks of pornography.",
    "dating": "The subject speaks of dating.",
    "pharma": "The subject speaks of medicines, diets or bodies.",
    "gambling": "The subject speaks of gambling.",
    "income": "The subject promises income, a job or shares.",
    "credit": "The subject offers a loan, a mortgage or insurance.",
    "sale": "The subject offers goods at a price.",
    "marketing": "The subject speaks of customers, rankings or campaigns.",
    "prize": "The subject says that something was won.",
    "advance-fee": "The subject speaks of an inheritance or a proposal from a stranger.",
    "phishing": "The subject is a set phrase of account warnings.",
    "account-notice": "The subject says that something happened to an account.",
    "thing-notice": "The subject says that something happened to a parcel, a message or a payment.",
    "filled-in": "The subject holds a number or a time that differs in every copy of such a notice.",
    "from-brand": "The subject begins with the name of a company, as notices do.",
    "your-thing": "The subject says that something of the reader's has changed.",
    "parcel": "The subject says that a parcel is waiting.",
    "invoice": "The subject speaks of an invoice or a payment.",
    "document": "The subject speaks of something to open or to sign.",
    "tax": "The subject speaks of taxes or a refund.",
    "crypto-money": "The subject speaks of coins and wallets.",
    "only-that": "The subject holds nothing else than one or two such words.",
    "offer-to-you": "The subject makes the reader an offer and holds nothing technical.",
    "urgency": "The subject says that it is urgent.",
    "you": "The subject speaks to the reader.",
    "money-amount": "The subject names an amount of money.",
    "percent": "The subject names a discount in percent.",
    "capitals": "The subject is written in capitals.",
    "shouted-word": "One word of the subject is written in capitals.",
    "shouting": "The subject has exclamation marks.",
    "emoji": "The subject has pictures in it.",
    "padding": "The subject has gaps or a tail, as copies that must differ have.",
    "jumble": "The subject holds jumbled letters.",
    "decoration": "The subject is decorated with arrows, stars or the like.",
    "look-alike": "Letters of the subject are replaced by others that look alike.",
    "hidden-letters": "The subject holds invisible or fancy letters.",
    "raw-bytes": "The subject names no charset and cannot be read.",
    "title-case": "The subject is written as a headline.",
    "imperative": "The subject tells the reader to do something.",
    "mail-merge": "The subject holds the reader's own address.",
    "upstream": "Your mail server marked the message as spam.",
    "undisclosed": "To and Cc name nobody.",
    "bulk": "The message has marks of bulk mail.",
    "missing-basics": "Date, Message-ID or From is missing.",
    "forged-date": "The date has a time zone that does not exist.",
    "empty-answer": "The subject says Re:, and nothing is answered.",
    "other-reply": "Replies are to go to another domain.",
    "list-post": "It is a post on a mailing list, which counts in its favor.",
    "newsletter": "It is a newsletter that somebody can have asked for, which counts in its favor.",
}
_SIGNS = {
    "list header": "A mailing list passed it on.",
    "precedence list": "A mailing list marked it (Precedence: list).",
    "sent by a list manager": "A list manager sent it.",
    "digest of a mailing list": "It is the digest of a mailing list.",
    "precedence bulk or junk": "It is marked as bulk mail (Precedence).",
    "unsubscribe header": "It says how to unsubscribe.",
    "return path made for this recipient": "Its return path was made for this recipient.",
    "auto-submitted": "A program says that it sent this (Auto-Submitted).",
    "machine generated": "A program says that it wrote this.",
    "reaction to a message": "Somebody put an emoji on a message.",
    "asks to recall a message": "It asks to recall a message (Outlook).",
    "machine report": "It is a report of a machine.",
    "asks for no automatic answer": "It asks for no automatic answer (X-Auto-Response-Suppress).",
    "null return path": "Its return path is empty: nobody can be told if an answer fails.",
    "robot address": "It comes from an address that programs write from.",
    "loop mark": "It bears the mark of a program that guards against loops (X-Loop).",
    "answers a topic under another prefix": "Its subject has a prefix that only programs write.",
    "calendar invitation": "It is an invitation.",
    "calendar method": "It is an invitation, or an answer to one.",
    "calendar message": "It is an invitation, or an answer to one.",
    "read receipt": "It says that a message was displayed.",
    "feedback report": "It is a complaint about a message, written by a program.",
    "nothing failed yet": "It says that a delivery is late.",
    "delay in the subject": "It says that a delivery is late.",
    "delivery report": "It says what became of a delivery.",
    "delivery report in the wrapping of a gateway": "It says what became of a delivery.",
    "from a mail daemon": "It comes from the address of a mail server.",
    "marked as non-delivery": "It is marked as a message that was not delivered.",
    "marked as automatic answer": "It is marked as an automatic answer.",
    "precedence of an automatic answer": "It is marked as an automatic answer (Precedence).",
    "written by a mailbox rule": "A rule of a mailbox wrote it.",
    "away in the subject": "Its subject says that somebody is away.",
    "answers a topic under an automatic prefix": "Its subject has a prefix that only programs write.",
    "subject of an automatic answer": "It has the subject of an automatic answer.",
    "sealed mail is never quarantined": "Encrypted messages are never quarantined.",
    "signed by a known key": "It is signed with a key that is known.",
    "author takes part in a case": "Its author has a part in a case.",
    "author is, or claims to be, the team": "Its author is, or claims to be, of the team.",
    "receipt bounced, no evidence of a report": "The acknowledgement bounced; nothing speaks for a report.",
    "no single author to answer": "It names no author, or more than one.",
    "from the team": "It comes from the team.",
    "claims to be the team": "It claims to come from the team, and nothing proves it.",
    "nobody reads what is sent to its address": "Nobody reads what is sent to its address.",
    "wants replies at another domain, and nothing proves its author": (
        "It wants replies at another domain, and nothing proves its author."
    ),
    "in the junk folder without evidence of a report": "It is in Junk; nothing speaks for a report.",
    "author probably forged, without evidence of a report": (
        "Its author is probably forged; nothing speaks for a report."
    ),
    "quarantined": "It is in the quarantine.",
    "new case": "It opens a case.",
    "returns a mail to a null return path": "It returns a message, and says so to nobody.",
    "read receipt of Notes": "It says that a message was displayed.",
    "limit: receipts to this address in a day": "Too many acknowledgements to this address in a day.",
    "limit: receipts to this domain in time": "Too many acknowledgements to this domain.",
    "limit: receipts in time": "Too many acknowledgements at once.",
    "later, by a limit: receipts to this domain in an hour": (
        "It waits: many acknowledgements to this domain in an hour."
    ),
    "later, by a limit: receipts in an hour": "It waits: many acknowledgements in an hour.",
    "forwarded by a member": "A member forwarded it.",
}
_BEGINNINGS = {
    "auto-submitted: ": "A program says that it sent this (Auto-Submitted: {}).",
    "thread: token": "It came to an address, or answers a letter, with the token of the case.",
    "thread: references": "It answers a message of the case.",
    "thread: platform": "It is a notice of the same report on a platform.",
    "thread: subject": "Its subject names the case, and its author has a part in it.",
    "rejected by operator:": "Rejected by {} (operator).",
    "rejected by team:": "Rejected by {}.",
}
"""The reasons that end in something of their own."""


def sentence(reason: str) -> str:
    """*reason* as people read it; one that is a phrase already stays as it is."""
    if reason.startswith("marked: "):
        return sentence(reason.removeprefix("marked: "))
    if known := _RULES.get(reason) or _SIGNS.get(reason):
        return known
    begun = next((one for one in _BEGINNINGS if reason.startswith(one)), "")
    if begun:
        return _BEGINNINGS[begun].format(reason.removeprefix(begun))
    several = [sentence(one) for one in reason.split(", ")] if ", " in reason else []
    return " ".join(several) if several and all(one.endswith(".") for one in several) else reason


def missing(names: frozenset[str]) -> frozenset[str]:
    """The rules among *names* that nothing is said about."""
    return names - frozenset(_RULES)
