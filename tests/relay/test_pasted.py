"""What a member has read elsewhere and pastes into an answer: it waits, whoever wrote it and however it was told.

The attempts stand as a table in ``LEAKS.md``, with what comes of each.
"""

from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, pgp_mime, text
from tests.relay.test_advisory import TEXT
from tests.relay.test_kept_among_us import DOMAIN, answered
from tests.relay.test_leaks import file
from tests.relay.test_meanwhile import copy_with, later, team_of
from tests.relay.test_publishing import PUBLIC, Publisher
from tests.support import mails
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, header, letter_text, plain_text, read_by, reply
from tests.support.sealing import SAM, key_file, report

pytestmark = pytest.mark.dovecot
TIM = "tim@third.example"
TIMS = "Heap overflow in the picture decoder of heron when a quokka is drawn twice"
NOTE = "The parser vendor pays for all of our work until spring comes."
BOSS = "Our insurance only pays if nobody outside hears of it until the summer."


def forwarded(author: str, words: str) -> str:
    """What Gmail makes of a forward."""
    rule, head = "---------- Forwarded message ---------", f"From: {author}\nSubject: x\nTo: Carl"
    return f"Please see:\n\n{rule}\n{head}\n\n{words}\n"


def test_subjects_notes_and_forwards_wait(desk: RelayDesk) -> None:
    """Another reporter's subject; of mail among the team the subject, a note, a forward, a message; a patch goes out."""
    desk.comes(mails.plain(date=desk.clock))
    about = {"sender": f"Tim <{TIM}>", "message_id": "<t1@third.example>"}
    desk.comes(mails.plain(date=desk.clock, subject=TIMS, text="A quokka.\n", **about), TIM)
    to = team_of(copy_with(desk, "crafted file"))
    line = "/* the quokka is drawn twice here, so look at its length before the second copy */"
    patch = file(f"diff --git a/x b/x\n@@ -1 +1 @@\n-{line}\n+{line} check();\n".encode(), "fix.patch")
    inner = b"Content-Type: message/rfc822\r\n\r\n" + mails.plain(
        sender="Boss <boss@bank.example>", text=f"{BOSS}\n", message_id="<b@x.example>"
    )
    own = "Our customer the bank must not know of this before next spring"
    lines = (
        f"From: Carl <{CARL}>",
        f"To: {to}",
        "Message-ID: <in@x>",
        f"Subject: {own}",
        "MIME-Version: 1.0",
    )
    head = "".join(f"{one}\r\n" for one in lines).encode()
    note = file(f"{NOTE}\n".encode(), "notes.txt", "text/plain")
    desk.comes(multipart("mixed", text("See the files."), note, inner, patch, head=head), DOMAIN)
    secret, hers = (
        "The bank wants that nobody hears about this before April.",
        "I found it when I drew a wombat last week.",
    )
    for number, words in enumerate(
        (forwarded("Boss <boss@bank.example>", secret), forwarded(f"Rita <{RITA}>", hers))
    ):
        named = {"to": to, "sender": f"Carl <{CARL}>", "message_id": f"<f{number}@home.example>"}
        desk.comes(mails.plain(date=desk.clock, subject="Fwd: x", text=words, **named), DOMAIN)
    for number, words in enumerate((TIMS, own, NOTE, BOSS, secret)):
        assert (words, answered(desk, number, text(f"Thank you, {number}. {words}"))) == (words, 0)
    assert answered(desk, 20, text("Please test this."), patch) == 1
    assert answered(desk, 21, text(f"You said it: {hers}")) == 1


def test_reasons_and_texts_that_were_typed_wait(desk: RelayDesk, kit: Kit) -> None:
    """Why a case was closed or a branch has no fix; the announcement, until it is out."""
    desk.comes(mails.plain(date=desk.clock))
    publisher = Publisher(desk, kit)
    assert answered(desk, 1, text("We look into it and write again on Monday.")) == 1
    branch = "the customer on that old branch has not paid us for three years now"
    assert desk.word("branch", publisher.case, "old", "waived", *branch.split()).status == 0
    why = "the reporter is a nuisance and we hope that they will simply go away"
    assert desk.word("close", publisher.case, "--reason", why).status == 0
    assert desk.word("reopen", publisher.case).status == 0
    publisher.judged()
    said = "whenever a quokka is drawn twice upon the same wombat"
    (desk.folder / "a.toml").write_text(TEXT.replace("(cve-2026-12345)", f"{said}, CVE-2026-12345"))
    assert desk.word("announce", publisher.case, str(desk.folder / "a.toml")).status == 0
    for number, words in enumerate((branch, why, f"write past its buffer {said}")):
        assert (words, answered(desk, 10 + number, text(f"It is so: {words}."))) == (words, 0)


def test_what_is_announced_is_no_secret(desk: RelayDesk, kit: Kit) -> None:
    """A sentence of the announcement waits before it is out, and goes out after."""
    desk.comes(mails.plain(date=desk.clock))
    publisher = Publisher(desk, kit)
    publisher.judged()
    words = PUBLIC.replace(
        "overflows a buffer.", "overflows a buffer of every parser in heron since version one."
    )
    publisher.says(f"!announce\r\n\r\n{words}")
    publisher.approve("announcement")
    line = "A quokka overflows a buffer of every parser in heron since version one."
    assert answered(desk, 1, text(f"See: {line}")) == 0
    publisher.passed(publisher.desk.clock - publisher.desk.clock, words)
    desk.run()
    assert publisher.outside() != []
    assert answered(desk, 2, text(f"It says: {line}")) == 1


def test_what_maild_told_of_other_things_waits(desk: RelayDesk, kit: Kit) -> None:
    """A notice about another case, one about the desk, a draft with the words around it; the draft's own go out."""
    desk.comes(mails.plain(date=desk.clock))
    Publisher(desk, kit).says("!verdict out-of-scope")
    about = {"sender": f"Tim <{TIM}>", "message_id": "<t1@third.example>", "Cc": "boss@bank.example"}
    desk.comes(mails.plain(date=desk.clock, subject="Crash", text="A quokka.\n", **about), TIM)
    desk.path.write_text(
        desk.path.read_text().replace('name = "Bea"', 'name = "Anna"').replace("bea@", "anna@")
    )
    desk.path.write_text(
        desk.path.read_text().replace(f'fingerprint = "{desk.bea}"\nkey_file = "bea.asc"\n', "")
    )
    desk.run()
    told = {header(one, "Subject").partition("] ")[2] or header(one, "Subject"): one for one in desk.to(MIA)}
    for number, name in enumerate(
        ("A message was also sent to somebody outside the team", "Bea has left the team")
    ):
        assert (name, answered(desk, number, text(f"As it says:\n\n{letter_text(told[name])}"))) == (name, 0)
    draft = letter_text(told["Draft reply to the reporter"])
    around = draft.partition("To send")[0]
    assert answered(desk, 8, text(f"As it says:\n\n{around}")) == 0
    own = " ".join(line.strip(" |") for line in draft.splitlines() if line.lstrip().startswith("|"))
    assert answered(desk, 9, text(own)) == 1


def test_what_the_team_was_told_encrypted_waits(desk: RelayDesk, kit: Kit) -> None:
    """The answer to !status, and the block of a copy without its labels, in an encrypted answer."""
    desk.comes(report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    publisher = Publisher(desk, kit)
    status = publisher.says("!status", sealed=True)
    (copy,) = desk.copies(MIA)
    block = plain_text(read_by(kit, copy, kit.member)).partition("\nTeam:")[0].splitlines()[1:]
    values = "\n".join(line.partition(":")[2] for line in block)

    def sealed_answer(number: int, words: str) -> int:
        """Mia answers Sam; how many answers he got by it."""
        name, before = header(copy, "Message-ID"), len(desk.answers(SAM))
        lines = (
            f"From: Mia <{MIA}>",
            "To: security@project.example",
            f"In-Reply-To: {name}",
            f"References: {name}",
        )
        ids = (f"Message-ID: <q{number}@home.example>", "Subject: ...", "MIME-Version: 1.0")
        inside = text(f"{words}\n\n-- \n{publisher.case}, {number}\n")
        head = "".join(f"{one}\r\n" for one in (*lines, *ids)).encode()
        desk.clock = desk.clock.replace(microsecond=0)
        desk.comes(pgp_mime(kit.sealed_by(kit.member, text=inside), head=head))
        return len(desk.answers(SAM)) - before

    assert sealed_answer(1, f"It stands so:\n\n{status}") == 0
    assert sealed_answer(2, f"Hello,\n{values}") == 0
    assert sealed_answer(3, "We can reproduce it and work on a fix.") == 1


def test_a_copy_that_waits_is_for_the_key_of_now(desk: RelayDesk, kit: Kit) -> None:
    """Put off by the server while a member got another key: it is encrypted anew, never to the old one."""
    desk.comes(mails.plain(date=desk.clock))
    desk.sink.always(f"RCPT {MIA}", "451 4.7.1 later")
    more = {"message_id": "<two@reporter.example>", "In_Reply_To": "<one@reporter.example>"}
    desk.comes(mails.plain(date=desk.clock, text="A wombat does it too.\n", **more), RITA)
    (desk.folder / "mia.asc").write_bytes(armor(kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK"))
    desk.path.write_text(desk.path.read_text().replace(kit.member, kit.stranger))
    desk.sink.always(f"RCPT {MIA}", "")
    before = len(desk.to(MIA))
    later(desk)
    (sent,) = desk.to(MIA)[before:]
    armored = sent.raw[sent.raw.index(b"-----BEGIN PGP M") :].partition(b"-----END")[0]
    packets = kit.gpg(
        kit.home("nobody"), "--list-only", "--list-packets", feed=armored + b"-----END PGP MESSAGE-----\r\n"
    )
    keys = kit.gpg(kit.people, "--with-colons", "--list-keys", kit.member).decode().splitlines()
    old = {row.split(":")[4] for row in keys if row.startswith(("pub:", "sub:"))}
    assert not any(one in packets.decode() for one in old)


def test_a_reply_to_a_copy_is_no_forward(desk: RelayDesk) -> None:
    """What quotes the acknowledgement among the team makes it no secret to whoever got it."""
    desk.comes(mails.plain(date=desk.clock))
    copy = desk.copies(CARL)[0]
    receipt = letter_text(desk.to(RITA)[0])
    desk.comes(
        reply(
            copy, f"Carl <{CARL}>", forwarded("Example <security@project.example>", receipt), to=team_of(copy)
        ),
        DOMAIN,
    )
    said = " ".join(receipt.split()[:30])
    assert answered(desk, 1, text(f"Did you get this? {said}")) == 1


def test_what_was_typed_in_another_case_waits(desk: RelayDesk, kit: Kit) -> None:
    """Why a branch gets no fix, somebody may know, it is paused or closed; the announcement: there, and once joined."""
    publisher = Publisher(desk, kit)
    desk.comes(mails.plain(date=desk.clock))
    first = publisher.case
    about = {"sender": f"Tim <{TIM}>", "message_id": "<t1@third.example>"}
    desk.comes(mails.plain(date=desk.clock, subject="Crash", text="A quokka.\n", **about), TIM)
    second = next(str(one["case"]) for one in desk.cases() if one["case"] != first)
    answer = reply(copy_with(desk, "quokka"), f"Carl <{CARL}>", "We look into it and write on Monday.")
    desk.comes(answer, DOMAIN)
    branch = "the customer on that old branch has not paid us for three years now"
    told = "the auditors have asked us to keep this one away from the works council"
    pause = "the vendor who pays for our work must never hear of this report at all"
    close = "the reporter is a nuisance and we hope that they will simply go away"
    (desk.folder / "a.toml").write_text(TEXT.replace("(cve-2026-12345)", "of a wombat in April"))
    for words in (
        ("branch", second, "old", "waived", *branch.split()),
        ("tell", second, "fix@vendor.example", "until", "9d", *told.split()),
        ("pause", second, *pause.split(), "until", "9d"),
        ("announce", second, str(desk.folder / "a.toml")),
        ("close", second, "--reason", close),
        ("reopen", second),
    ):
        said = desk.word(*words)
        assert (words[0], said.status, said.err) == (words[0], 0, "")
    typed = (branch, told, pause, close, "write past its buffer of a wombat in April")
    for number, words in enumerate(typed):
        assert (words, answered(desk, number, text(f"It is so: {words}."))) == (words, 0)
    assert desk.word("duplicate", second, first).status == 0
    for number, words in enumerate(typed):
        assert (words, answered(desk, 20 + number, text(f"So it is: {words}."))) == (words, 0)
    assert answered(desk, 40, text("We can reproduce it and work on a fix.")) == 1


def test_what_was_sent_from_the_desks_own_mailbox_waits(desk: RelayDesk) -> None:
    """To colleagues or somebody else, in no case: pasted to a reporter it waits; what went to that reporter does not."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    said = {
        CARL: "Purchasing has bought the silence of the whole yard for eleven hundred crowns.",
        "press@paper.example": "Please print nothing about the reader before our board has met in April.",
        RITA: "We have met at the fair and you wanted to see the plan of the new reader.",
    }
    for number, (to, words) in enumerate(said.items()):
        about = {"sender": "Example <security@project.example>", "message_id": f"<s{number}@project.example>"}
        raw = mails.plain(
            to=to, subject=f"Other things {number}", text=f"{words}\n", date=desk.clock, **about
        )
        desk.inbox.append(raw, desk.clock, "Sent")
    desk.run()
    out = [answered(desk, number, text(f"It is so: {words}")) for number, words in enumerate(said.values())]
    assert out == [0, 0, 1]


def test_what_a_command_lists_for_an_operator_waits(desk: RelayDesk) -> None:
    """Rows with a case number, from a terminal, pasted or as a file; a sentence with the number goes out."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    case = str(desk.one()["case"])
    for number, words in enumerate(
        (("when", case), ("outbox", "--all"), ("cases",), ("mail", case), ("board", "--once"))
    ):
        shown = desk.word(*words).out
        assert case in shown
        rows = "\n".join(line for line in shown.splitlines() if "@" not in line)
        assert (words, answered(desk, 2 * number, text(f"Look, {number}:\n\n{rows}"))) == (words, 0)
        parts = (text(f"See {number}."), file(rows.encode(), "list.txt", "text/plain"))
        assert (words, answered(desk, 2 * number + 1, *parts)) == (words, 0)
    assert answered(desk, 90, text(f"Your report has the number {case}, and we write on Monday.")) == 1


def test_what_colleagues_were_shown_in_any_way_waits(desk: RelayDesk) -> None:
    """A page beside the text, what a picture says, a card, a quote of other mail; below "taken", about several cases."""
    desk.comes(mails.plain(date=desk.clock), RITA)
    to = team_of(desk.copies(CARL)[0])
    said = (
        "Seven customers were told a different story and they compare notes every second month",
        "Xavier promised the ministry that nobody outside would ever read this memo again",
        "Quarterly numbers depend on nobody reading the changelog of the branch before Christmas",
        "Penguins in procurement have shredded every invoice of the vendor who built this thing",
        "Rabbits breed faster than our fixes and the sales people know it very well",
    )
    page = multipart("alternative", text("Fine."), text(f"<b>{said[0]}</b>", "html"), head=b"", boundary="in")
    card = f"Content-Type: text/vcard\r\n\r\nBEGIN:VCARD\r\nNOTE:{said[2]}\r\nEND:VCARD\r\n".encode()
    parts = (
        page,
        text(f"<p>See.</p><img src='x' alt='{said[1]}'>", "html"),
        card,
        text(f"> {said[3]}\n\nSo he says.\n"),
    )
    for number, part in enumerate(parts):
        top = (
            f"From: Carl <{CARL}>\r\nTo: {to}\r\nSubject: Among us {number}\r\nMessage-ID: <m{number}@x>\r\n"
        )
        desk.comes(multipart("mixed", text(f"See {number}."), part, head=top.encode()), DOMAIN)
    desk.comes(mails.plain(date=desk.clock, sender=f"Tim <{TIM}>", message_id="<t1@third.example>"), TIM)
    desk.wait(timedelta(days=3))
    desk.run()
    late = [one for one in desk.to("carl@phone.example") if "overdue" in header(one, "Subject")][-1]
    about = {
        "to": header(late, "Reply-To"),
        "In_Reply_To": header(late, "Message-ID"),
        "message_id": "<tk@x>",
    }
    taken = mails.plain(
        date=desk.clock, sender=f"Carl <{CARL}>", subject="Re: x", text=f"taken\n\n{said[4]}.\n", **about
    )
    desk.comes(taken, DOMAIN)
    for number, words in enumerate(said):
        assert (words, answered(desk, number, text(f"It is so: {words}."))) == (words, 0)
    assert answered(desk, 20, text("We can reproduce it and work on a fix.")) == 1
