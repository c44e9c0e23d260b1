"""Every rule of the table: a mail it fires on, and the nearest honest one it leaves alone."""
# ruff: noqa: RUF001 - letters and signs of many scripts

from collections.abc import Mapping

import pytest

from maild.config.words import words
from maild.core.mail.headers import Headers
from maild.core.screening import REPORT, ScreeningPolicy, screen
from maild.core.screening.seen import Seen, readings, see
from maild.core.screening.table import EXCUSE_RULES, STRUCTURE_RULES, SUBJECT_RULES, Rule

RULES: Mapping[str, Rule] = {rule.reason: rule for rule in (*SUBJECT_RULES, *STRUCTURE_RULES, *EXCUSE_RULES)}
POLICY = ScreeningPolicy(
    words(),
    own_lists=("security@project.example",),
    ham_words=("tangerine",),
    project_names=("libfoo",),
    upstream_spam_header="X-Spam-Flag: yes",
)
PLAIN = {
    "From": "Ann <ann@reporters.example>",
    "To": "security@project.example",
    "Date": "Mon, 2 Mar 2026 09:30:00 +0100",
    "Message-ID": "<1@reporters.example>",
}

FOR = [  # reason, a report it speaks for, a spam it must not help
    ("ham-word", "Tangerine: something odd", "Tangerines at half price"),
    ("project-name", "libfoo and long names", "libfoobar and its friends want you"),
    ("advisory-id", "Is CVE-2025-12345 yours?", "Order 2025-12345 shipped"),
    ("flaw", "Free() of invalid pointer", "Free delivery of pointers"),
    ("reporting", "Who do I contact about a bug in 2.1?", "Who wants to meet you?"),
    ("bug-grammar", "Anyone can read my invoices", "Anyone for a cheap loan?"),
    ("business-logic", "Buy any item for $0.01", "Any item at your price, $0 down"),
    ("code", "strange result of parse_header()", "strange result of your diet (free)"),
    ("version", "since 1.4.2 only", "only 3.9 cents a minute"),
    ("technical", "the TLS handshake in your Python client", "the handshake that made me rich"),
    ("newsletter", "Database Weekly: cheap disks", "Cheap disks for your database"),
    ("conversation", "Slow start (was: first impressions)", "Was your mortgage too slow?"),
]

AGAINST = [  # reason, a lure it speaks against, the nearest honest subject
    ("adult", "Hot girls on webcam, xxx action", "Girder: hot reload executes code from /tmp"),
    ("dating", "Meet singles near you", "Meeting bot: singleton reused across tenants"),
    ("pharma", "Cheap pills without prescription", "Pillow: heap overflow in the TIFF reader"),
    ("gambling", "Online casino with free spins", "Predictable random numbers, spin lock never released"),
    ("income", "Work at home and get rich", "Home directory of the worker is writable by others"),
    ("credit", "Low mortgage rates, bad credit ok", "Credentials of the rating service in a log file"),
    ("sale", "Clearance! Replica watches, best price", "Clear-text copy of the signing key on the standby"),
    ("marketing", "SEO: first page of Google for your website", "XSS on the search page of your site"),
    ("prize", "You have won a gift card", "You have won the race: TOCTOU in temp files"),
    (
        "advance-fee",
        "Business proposal from Mrs. Grace",
        "Propositional solver: assertion fails in release builds",
    ),
    ("phishing", "Unusual sign-in activity, verify your identity", "Sign-in form reflects the user name"),
    ("account-notice", "Su cuenta ha sido bloqueada", "Click-jacking on the account page"),
    ("thing-notice", "お荷物を保留しております", "Package metadata is trusted, signature check skipped"),
    ("filled-in", "Voicemail (2) received at 11:42 AM", "Bug #20931: voicemail PIN checked at 11:42 AM only"),
    ("from-brand", "PayPal: please look at this", "Missing check in the PayPal plugin"),
    ("your-thing", "Your box at our house will be closed", "Your login page leaks tokens"),
    ("parcel", "Your parcel is held at customs", "Parsing of a held packet reads out of bounds"),
    ("invoice", "Overdue invoice attached", "In voice mode the recorder overflows"),
    ("document", "New voicemail, and Jane shared a file with you", "Shared memory left open, path traversal"),
    ("tax", "Your tax refund is ready", "Syntax check skipped for nested blocks"),
    ("crypto-money", "Double your bitcoin today", "Cryptographic nonce reuse in session tickets"),
    ("only-that", "Lottery", "Strange"),
    ("offer-to-you", "Free gifts for you", "Use after free in your parser"),
    ("urgency", "Urgent, act now", "RCE in production"),
    ("you", "You and yours", "RCE in production"),
    ("money-amount", "Make $5,000 a week", "$_GET parameter goes into eval"),
    ("percent", "70% off everything", "100% CPU denial of service"),
    ("capitals", "READ THIS LETTER NOW", "RCE in the HTTP API"),
    ("shouted-word", "Get it FREE of charge", "Use after free in the XML and JSON reader"),
    ("shouting", "Do not wait!!", "RCE in production"),
    ("emoji", "🎁🎁 for you", "解析器中的整数溢出"),
    ("padding", "Better sleep                 qxkvz", "Better sleep, in kernel timers"),
    ("jumble", "Good news 7qKx93bZw1T", "Crash since commit 3fa9c1d07be2"),
    ("decoration", "---> look here <---", "Crash in a->b"),
    ("look-alike", "V1agra and p.a.y.p.a.l", "Sha1 and h.264 are accepted"),
    ("hidden-letters", "Ver\u200bify this", "Проверка подписи не выполняется"),
    ("raw-bytes", "\xb1\xa4\xb0\xed \xbf\xe4\xc1\xf2", "Überlauf in größe()"),
    ("title-case", "Learn The Secret Nobody Tells", "Heap overflow in the TIFF reader"),
    ("imperative", "Discover a better life", "Discovery service trusts any certificate"),
    ("mail-merge", "security, have a look", "Security of the update channel"),
]


def seen(subject: str, **fields: str) -> Seen:
    """A plain mail with this *subject*, some fields other than usual (``_`` for ``-``, empty for none)."""
    changed = {name.replace("_", "-"): value for name, value in fields.items()}
    given = {name: value for name, value in {**PLAIN, **changed, "Subject": subject}.items() if value}
    return see(subject, Headers(tuple(given.items())), POLICY)


@pytest.mark.parametrize(("reason", "report", "_spam"), FOR)
def test_a_rule_for_reports_knows_one(reason: str, report: str, _spam: str) -> None:
    """It fires on a report of its kind, three times as strongly at the most, and its weight speaks for it."""
    assert 0 < RULES[reason].test(seen(report)) <= 3
    assert RULES[reason].weight < 0


@pytest.mark.parametrize(("reason", "_report", "spam"), FOR)
def test_a_rule_for_reports_does_not_help_spam(reason: str, _report: str, spam: str) -> None:
    """It is silent on the nearest subject that only looks like it."""
    assert RULES[reason].test(seen(spam)) == 0


@pytest.mark.parametrize(("reason", "lure", "_honest"), AGAINST)
def test_a_rule_against_spam_knows_one(reason: str, lure: str, _honest: str) -> None:
    """It fires on a lure of its kind, three times as strongly at the most, and its weight speaks against it."""
    assert 0 < RULES[reason].test(seen(lure)) <= 3
    assert RULES[reason].weight > 0


@pytest.mark.parametrize(("reason", "_lure", "honest"), AGAINST)
def test_a_rule_against_spam_leaves_the_nearest_honest_subject_alone(
    reason: str, _lure: str, honest: str
) -> None:
    """It is silent, and the whole table lets the subject pass."""
    assert RULES[reason].test(seen(honest)) == 0
    assert screen(honest, seen(honest).headers, POLICY).verdict == REPORT


def test_a_subject_is_urgent_once() -> None:
    """More words of hurry are no more evidence: people in a hurry repeat themselves."""
    assert RULES["urgency"].test(seen("Urgent, act now, immediately")) == 1


EDGES = [  # reason, a subject at the edge, how strongly the rule speaks
    ("money-amount", "One for $5 or $5.50", 1),
    ("percent", "Now 70% off", 2),
    ("capitals", "BUY NOWW", 0),  # seven capitals
    ("capitals", "BUYS NOWW", 2),
    ("capitals", "BUYS NOWWW ab", 2),
    ("capitals", "BUYS NOWW ab", 0),  # four to one are not enough
    ("capitals", "BUYS NOWWW abc", 0),
    ("capitals", "ABCDEFGH", 0),
    ("capitals", "ABCDEFGH AB", 0),
    ("capitals", "ABC DEF GHI", 0),
    ("capitals", "ABC DEF GHIJ", 0),
    ("capitals", "ABC DEF GHI JKL", 2),
    ("capitals", "ABCD EFGH", 2),
    ("capitals", "ABC EFGHI", 0),
    ("shouted-word", "Get it FREE of charge", 1),
    ("shouted-word", "GET IT FREE", 0),
    ("shouting", "Now!", 1),
    ("shouting", "Now！", 1),
    ("shouting", "Now! Really!", 1),
    ("shouting", "Now!?", 2),
    ("shouting", "Now ! !", 2),
    ("emoji", "🎁 for you", 1),
    ("emoji", "🎁🎁🎁 for you", 2),
    ("emoji", "ÿ\u2000 for you", 0),
    ("padding", "Better sleep   x", 3),
    ("padding", "Better   " + 41 * "x", 1),
    ("padding", "Better sleep ... now!12345", 2),
    ("padding", "Better  sleep tonight for you", 0),
    ("jumble", "Good news 7qKx93bZw1T", 2),
    ("jumble", "Good news a1b2C3d4", 0),  # a hash
    ("jumble", "Good news xa1bbCcc", 0),  # two changes between digits and letters
    ("jumble", "Good news xa1b2C3c", 2),
    ("jumble", "Good news xa1b2CCc", 0),
    ("jumble", "Good news XA1B2CCC", 0),
    ("jumble", "Good news xa1b2ccc", 0),
    ("decoration", "---> look here", 1),
    ("look-alike", "V1agra for less", 3),
    ("hidden-letters", "𝐕𝐞𝐫 for you", 0),
    ("hidden-letters", "𝐕𝐞𝐫𝐢 for you", 2),
    ("hidden-letters", "🄰🄱🄲🄳 for you", 2),
    ("hidden-letters", "ⒶⒷⓨⓩ for you", 2),
    ("hidden-letters", "\U0001d400\U0001d7ff\U0001f130\U0001f189", 2),
    ("hidden-letters", "Ver\u200bify", 2),
    ("raw-bytes", "\xe9\xe9\xb1\xa4", 3),
    ("raw-bytes", "\xe9\xb1\xa4", 0),
    ("raw-bytes", "\xe9\xe9\xe9\xa4", 0),
    ("raw-bytes", "\xe9\xe9\xb1\xa4 abcdefg", 0),  # a third of twelve
    ("raw-bytes", "\xe9\xe9\xb1\xa4 abcdef", 3),
    ("raw-bytes", "\x80\xff\xb1\xa4", 3),
    ("title-case", "Secrets Nobody Tells", 0),
    ("title-case", "Secrets Nobody Tells Anyone", 1),
    ("title-case", "Secrets Nobody tells Anyone Else", 0),
    ("title-case", "SECRETS NOBODY TELLS ANYONE", 0),
    ("title-case", "Secrets Nobody Tells A", 0),
    ("imperative", "Discover a better life", 1),
    ("mail-merge", "security, have a look", 2),
    ("mail-merge", "For security@project.example only", 2),
    ("project-name", "LIBFOO and long names", 3),
    ("code", "strange result of parse_header()", 2),
    ("code", "strange result in main.c", 1),
    ("code", "strange result at 0x41", 1),
    ("code", "parse_header() in main.c at 0x41", 3),
    ("code", "main.c at 0x41", 2),
    ("code", r"strange result of C:\Windows", 1),
    ("bug-grammar", "The key can be reused", 3),
    ("bug-grammar", "The key is not wiped", 2),
    ("business-logic", "Any item for $0.01", 3),
    ("answer", "Plain", 0),
    ("version", "since 1.4.2 only", 1),
    ("account-notice", "Your mailbox is suspended", 3),
    ("account-notice", "Mailbox suspended", 2),
    ("account-notice", "Account of giraffe zebra and walrus suspended", 1),  # a sentence of somebody's own
    ("account-notice", "Account of giraffe zebra walrus suspended", 2),
    ("account-notice", "Account of giraffe and walrus suspended", 2),
    ("account-notice", "Account of giraffe zébra and walrus suspended", 2),
    ("from-brand", "[EXT] PayPal: please look", 1),
    ("from-brand", "[PayPal] please look", 1),
    ("newsletter", "Cheap Disks Weekly: issue", 3),
    ("newsletter", "Database Weekly of the Four: x", 3),
    ("newsletter", "Database Weekly of the Four Winds: x", 1),
    ("newsletter", "Weekly: x", 1),
    ("thing-notice", "Parcel delivery suspended", 1),
    ("thing-notice", "Your parcel is on hold", 2),
    ("thing-notice", "Urgent: parcel on hold", 2),
    ("thing-notice", "PayPal: parcel on hold", 2),
    ("filled-in", "Voicemail received", 0),
    ("filled-in", "Voicemail received at 11:42 AM", 1),
    ("filled-in", "Voicemail (2) received at 11:42 AM by ann@mail.example", 2),
    ("only-that", "Lottery", 1),
    ("only-that", "Lottery jackpot", 1),
    ("only-that", "Lottery jackpot casino", 0),
    ("only-that", "Lottery tomorrow", 0),
    ("only-that", "", 0),
    ("you", "You and yours", 1),
]


@pytest.mark.parametrize(("reason", "subject", "strength"), EDGES)
def test_a_rule_speaks_as_strongly_as_it_should(reason: str, subject: str, strength: int) -> None:
    """One letter, word or sign more or less is what makes it speak, or speak more plainly."""
    assert RULES[reason].test(seen(subject)) == strength


ANSWERED = {"In_Reply_To": "<2@project.example>"}
STRUCTURE = [  # reason, fields it fires on, the nearest it does not, how strongly
    ("answer", ANSWERED, {}, 1),
    ("answer", {"References": "<2@project.example>"}, {}, 1),
    ("upstream", {"X_Spam_Flag": "YES"}, {"X_Spam_Flag": "NO"}, 1),
    (
        "list-post",
        {"List_Post": "<mailto:dev@lists.example>"},
        {"List_Post": "<mailto:security@project.example>"},
        2,
    ),
    ("newsletter", {"List_Unsubscribe": "<https://x.example/u>"}, {"List_Id": "<dev.project.example>"}, 2),
    ("newsletter", {"Precedence": "bulk"}, {"Precedence": "bulk", "List_Id": "<dev.project.example>"}, 2),
    ("newsletter", {"Precedence": "bulk"}, {"Precedence": "bulk", "List_Post": "<mailto:dev@x.example>"}, 2),
    ("undisclosed", {"To": "undisclosed-recipients:;"}, {"To": "", "Cc": "security@project.example"}, 1),
    ("bulk", {"Precedence": "bulk"}, {"Precedence": "bulk", "List_Id": "<dev.project.example>"}, 1),
    ("bulk", {"Feedback_ID": "7:mail"}, {"Feedback_ID": "7:mail", "List_Id": "<dev.project.example>"}, 1),
    ("missing-basics", {"Date": ""}, {}, 1),
    ("missing-basics", {"Message_ID": ""}, {}, 1),
    ("forged-date", {"Date": "Mon, 2 Mar 2026 09:30 -1600"}, {"Date": "Mon, 2 Mar 2026 09:30 +1400"}, 1),
    ("empty-answer", {}, ANSWERED, 1),
    ("other-reply", {"Reply_To": "x@other.example"}, {"Reply_To": "ann2@reporters.example"}, 1),
    ("other-reply", {"Reply_To": "x@y.example"}, {"Reply_To": "x@y.example", "List_Id": "<d.x.example>"}, 1),
]


@pytest.mark.parametrize(("reason", "fields", "near", "strength"), STRUCTURE)
def test_a_rule_about_the_header_fires_on_its_fact_and_not_on_the_nearest(
    reason: str, fields: dict[str, str], near: dict[str, str], strength: int
) -> None:
    """Each names one fact of the header, and only that; once, or twice where the subject shows it, too."""
    test = RULES[reason].test
    assert (test(seen("Re: hello", **fields)), test(seen("Re: hello", **near))) == (strength, 0)


def test_every_rule_of_the_table_is_tested_here() -> None:
    """A new rule needs its two subjects."""
    assert {row[0] for row in (*FOR, *AGAINST, *STRUCTURE)} == set(RULES)


def test_no_reason_stands_twice_in_the_table() -> None:
    """A weight in the configuration names one rule."""
    assert len(RULES) == len(SUBJECT_RULES) + len(STRUCTURE_RULES) + len(EXCUSE_RULES)


def test_every_rule_says_why_it_is_there() -> None:
    """The table is read by the people who change weights."""
    assert all(rule.comment and rule.test.__doc__ for rule in RULES.values())


def test_a_post_on_a_list_counts_once_where_the_subject_does_not_show_it() -> None:
    """A tag or a reply prefix in front of the subject is the second sign."""
    found = [seen(subject, List_Post="<mailto:dev@x.example>") for subject in ("Hello ", "[dev] Hello")]
    assert [RULES["list-post"].test(one) for one in found] == [1, 2]


@pytest.mark.parametrize(
    ("subject", "left"),
    [("Re: " * 20 + "RCE", "RCE"), ("[dev] Aw: [EXT] RCE [1]", "RCE [1]"), ("Re: Re:", "Re: Re:"), ("", "")],
)
def test_reply_prefixes_and_tags_are_passed_over(subject: str, left: str) -> None:
    """However many stand in front; where nothing follows, the subject is what stands there."""
    assert seen(subject).text == left


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        ("\xb1\xa4\xb0\xed", True),
        ("\xb1\xa4\xb0", False),
        ("\xff\xff\xff\xff", True),
        ("\xb1\xa4\xb0\xed\u0100", False),
        ("abcd", False),
    ],
)
def test_four_bytes_without_a_charset_are_read_in_the_usual_ones(subject: str, read: bool) -> None:
    """Fewer are letters with accents; with another letter beside them they are no bytes."""
    assert readings(subject) == (
        tuple(subject.encode("latin-1").decode(one, "ignore") for one in UNDECLARED) if read else ()
    )


UNDECLARED = ("gb18030", "big5", "shift_jis", "euc_kr", "cp1251", "cp1254")


def test_a_word_of_four_letters_may_be_disguised() -> None:
    """One of three, such as ``s3o`` for the marketing of search engines, is as well a name."""
    assert seen("l0an").disguised == ("loan",)
    assert seen("s3o").disguised == ()


@pytest.mark.parametrize(
    ("zone", "strength"), [("+0000", 0), ("-0330", 0), ("+1459", 0), ("+1500", 1), ("+0059", 0), ("+0060", 1)]
)
def test_a_zone_that_does_not_exist_is_forged(zone: str, strength: int) -> None:
    """Beyond fourteen hours, or with more than an hour's minutes."""
    given = seen("strange", Date=f"Mon, 2 Mar 2026 09:30:00 {zone}")
    assert RULES["forged-date"].test(given) == strength
