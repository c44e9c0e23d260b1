"""Every command of the team, one row each: names, proofs, shell commands, completion and help come from here.

The function of a command stands in the `DOES` of the module that holds it, under the same name;
``maild.core.cases.commands`` does not import when a row has no function or a function has no row.
"""

from maild.core.words.row import Group, Proof, Row, Typed

TABLE = (
    Row("handler", Group.CASES, "NAME", "Say who handles the case.", unsigned=frozenset({"me"})),
    Row(
        "taken",
        Group.CASES,
        "",
        "You handle the case; escalation waits a day for you. Works without the exclamation mark too.",
        Proof.ADDRESS,
        typed=Typed.NEVER,
    ),
    Row(
        "status",
        Group.CASES,
        "",
        "Ask where the case stands and what it lacks.",
        Proof.ADDRESS,
        typed=Typed.OTHER,
    ),
    Row("pause", Group.CASES, "REASON until DATE", "Pause the promises of the case."),
    Row("resume", Group.CASES, "", "End the pause of the case's promises."),
    Row(
        "close",
        Group.CASES,
        "[unreachable|unannounced] [REASON]",
        "Close the case once its reporter was answered, and heard of the announcement of a vulnerability.",
        typed=Typed.OTHER,
    ),
    Row("spam", Group.CASES, "", "Close the case as spam; nobody has to be answered first."),
    Row("not-spam", Group.CASES, "", "Open the case again: it was a report after all."),
    Row("reopen", Group.CASES, "", "Open the case again."),
    Row(
        "duplicate",
        Group.CASES,
        "OTHER-CASE",
        "Join the case to another; the promises to its reporter go on there.",
    ),
    Row("acknowledge", Group.MAIL, "", "Send the acknowledgement that was waiting for a person to send it."),
    Row(
        "askkey", Group.MAIL, "", "Ask the reporter for a public key; the letter says nothing about the case."
    ),
    Row(
        "usekey",
        Group.MAIL,
        "FINGERPRINT",
        "Encrypt answers to a key that the reporter offered, once you know that it is theirs.",
    ),
    Row(
        "open",
        Group.MAIL,
        "MAIL",
        "Show the team what a message quotes or forwards encrypted, once you trust its sender.",
        typed=Typed.OTHER,
    ),
    Row(
        "reporter",
        Group.MAIL,
        "[OLD] ADDRESS",
        "Say where the reporter is answered; an acknowledgement that was not sent yet is sent there.",
    ),
    Row(
        "answered",
        Group.MAIL,
        "WHERE",
        "Record that the reporter was answered elsewhere, such as on a platform.",
    ),
    Row(
        "ask",
        Group.MAIL,
        "FIELD...",
        "Ask the reporter for what the policy wants in a report; drafts the question.",
    ),
    Row(
        "guest",
        Group.MAIL,
        "ADDRESS until DATE",
        "Let someone outside the team into the case; they get the team's copies.",
    ),
    Row("catch-up", Group.MAIL, "ADDRESS", "Send a guest what the team's copies carried in the case so far."),
    Row(
        "tell",
        Group.MAIL,
        "ADDRESS until DATE REASON",
        "Record that someone outside the team may know about the case, and send them the rules.",
    ),
    Row(
        "send",
        Group.MAIL,
        "[to ADDRESS] | anyway [NUMBER]",
        "Send all reporters, or ADDRESS, the text below or the last draft; anyway: what was held for a look.",
        typed=Typed.OTHER,
    ),
    Row(
        "verdict",
        Group.DISCLOSURE,
        "VERDICT [REASON]",
        "Say what the report is; drafts the answer.",
        told=True,
    ),
    Row(
        "not-a-bug",
        Group.DISCLOSURE,
        "REASON",
        "Say why it is no vulnerability, by a reason of your policy; drafts the answer.",
    ),
    Row("severity", Group.DISCLOSURE, "LEVEL", "Rate the case on your scale."),
    Row("track", Group.DISCLOSURE, "TRACK", "Handle the case as public, private or urgent."),
    Row("affects", Group.DISCLOSURE, "VERSIONS", "Record which versions the case affects.", told=True),
    Row(
        "branch",
        Group.DISCLOSURE,
        "NAME fixed|waived [REASON]",
        "Record a fix on a branch, or why it gets none.",
    ),
    Row("done", Group.DISCLOSURE, "STEP", "Tick a step of the checklist."),
    Row("cve", Group.DISCLOSURE, "ID|request|none [REASON]", "Record the CVE id, or why there is none."),
    Row("cvss", Group.DISCLOSURE, "VECTOR", "Record the team's CVSS vector."),
    Row(
        "credit",
        Group.DISCLOSURE,
        "NAME [for ADDRESS]",
        "Record how a reporter wants to be credited; with several reporters, say whose name it is.",
        told=True,
    ),
    Row("stage", Group.DISCLOSURE, "STAGE", "Move the case to a stage on its way to disclosure."),
    Row(
        "embargo",
        Group.DISCLOSURE,
        "INSTANT [REASON]",
        "Set when the case is announced, with a time zone; a later date needs a reason.",
        told=True,
    ),
    Row(
        "reporter-date",
        Group.DISCLOSURE,
        "INSTANT [REASON] | none",
        "Record when the reporter means to publish.",
        told=True,
    ),
    Row(
        "leaked",
        Group.DISCLOSURE,
        "",
        "Record that the issue is publicly known: ends the embargo and tells everyone in charge.",
    ),
    Row(
        "exploited",
        Group.DISCLOSURE,
        "",
        "Record that the issue is being exploited: ends the embargo and tells everyone in charge.",
    ),
    Row(
        "predisclose",
        Group.DISCLOSURE,
        "LIST",
        "Prepare the text below as the letter to a predisclosure list, for approval.",
        typed=Typed.OTHER,
    ),
    Row(
        "announce",
        Group.DISCLOSURE,
        "[now]",
        "Prepare the text below as the announcement, for approval; now sends the approved one.",
        typed=Typed.OTHER,
    ),
    Row(
        "approve",
        Group.DISCLOSURE,
        "DIGEST",
        "Approve exactly the prepared text with this digest.",
        typed=Typed.NEVER,
    ),
    Row(
        "published",
        Group.DISCLOSURE,
        "PLACE [INSTANT]",
        "Record that the announcement is out at a place; the case then counts as announced.",
    ),
    Row(
        "in-the-open",
        Group.DISCLOSURE,
        "REASON",
        "Handle the case in public: it ends embargo and secrecy, keeps the promises, and drafts a note.",
        told=True,
    ),
    Row(
        "told",
        Group.DISCLOSURE,
        "LIST",
        "Record that a list that was told an old date knows the new one.",
    ),
    Row("closing", Group.DISCLOSURE, "[URL...]", "Draft the closing note to the reporter.", told=True),
    Row(
        "regulatory",
        Group.DISCLOSURE,
        "start|fixed|done STEP [INSTANT] | stop",
        "Keep the deadlines that a law sets for the case; maild reminds and files nothing.",
    ),
    Row(
        "away",
        Group.DESK,
        "until DATE | FIRST..LAST",
        "Mark a member as away (by mail: yourself); others are reminded in their place.",
        Proof.OWN,
    ),
    Row("back", Group.DESK, "", "Mark a member as back (by mail: yourself).", Proof.OWN),
)
"""In the order in which help lists them."""
NAMES = tuple(row.name for row in TABLE)
ROWS = {row.name: row for row in TABLE}
