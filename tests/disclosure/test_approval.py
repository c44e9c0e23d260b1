"""Two pairs of eyes: a text for outsiders is prepared, shown, and approved by two signatures over its digest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.candidates.said import CaseCandidates
from maild.core.decide import decide
from maild.core.disclosure.outward import Terms, approvers, outward, terms
from maild.core.event import TextPrepared
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import APPROVED, PREPARED_FRAME
from maild.core.facts.table import PREPARED_TEXT as RESTS
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole
from maild.core.policy import Policy
from maild.core.values.people import Team
from maild.core.values.targets import ANNOUNCEMENT
from tests.support.desk import ANNA, CARL, NOW
from tests.support.members import Way
from tests.support.publishing import ANNOUNCE, AT, DISTROS, OSS, OUT, TEXT, Road, on_the_road

OTHER = TEXT.replace("2.0.4", "2.0.5")


def with_key(fingerprint: str) -> Policy:
    """The usual desk, whose list has this key."""
    return replace(
        OUT, targets=replace(OUT.targets, predisclosure=(replace(DISTROS, fingerprint=fingerprint),))
    )


KEYED = with_key("A" * 40)


def approvals(road: Road) -> dict[str, str]:
    """Whose approvals stand, by text and name."""
    return dict(road.case.record.items(APPROVED))


PREPARED_WITH = Terms("A" * 40, AT.isoformat(), NOW.isoformat())


def test_the_digest_is_of_exactly_what_goes_to_whom() -> None:
    """Case, list, readers, subject, text, key, instant and preparation: another of any is another digest."""
    usual = outward("EX-1", "distros", TEXT, "TLP:AMBER", OUT.targets)
    assert usual
    assert (usual.to, usual.subject) == ((DISTROS.to,), "[vs] Overflow in heron (CVE-2026-12345)")
    assert usual.text == "A long name overflows a buffer. Update to 2.0.4.\n\nTLP:AMBER"
    moved = replace(OUT.targets, predisclosure=(replace(DISTROS, to="others@lists.example"),))
    others = [
        outward("EX-2", "distros", TEXT, "TLP:AMBER", OUT.targets),
        outward("EX-1", ANNOUNCEMENT, TEXT, "TLP:AMBER", OUT.targets),
        outward("EX-1", "distros", OTHER, "TLP:AMBER", OUT.targets),
        outward("EX-1", "distros", TEXT, "TLP:RED", OUT.targets),
        outward("EX-1", "distros", TEXT.replace("heron", "stork"), "TLP:AMBER", OUT.targets),
        outward("EX-1", "distros", TEXT, "TLP:AMBER", moved),
    ]
    with_terms = (
        PREPARED_WITH,
        replace(PREPARED_WITH, key="B" * 40),
        replace(PREPARED_WITH, instant=NOW.isoformat()),
        replace(PREPARED_WITH, prepared=AT.isoformat()),
    )
    others += [outward("EX-1", "distros", TEXT, "TLP:AMBER", OUT.targets, one) for one in with_terms]
    assert len({usual.digest, *(one.digest for one in others if one)}) == 11


def test_whoever_approves_reads_the_key_and_the_instant() -> None:
    """What is approved names the list's key by its fingerprint, and the instant with its zone."""
    road = on_the_road(KEYED)
    road.says("!predisclose distros", text=TEXT)
    with_terms = terms(road.case.record, "distros")
    assert with_terms == Terms("A" * 40, AT.isoformat(), road.now.isoformat())
    assert f"key: {'A' * 40}\ninstant: {AT:%Y-%m-%d %H:%M:%S} UTC\n" in with_terms.lines


def test_a_key_swapped_between_two_approvals_needs_the_text_anew() -> None:
    """The second approval is refused and nothing goes to the list; with the text prepared again, it does."""
    road = on_the_road(KEYED)
    road.says("!predisclose distros", text=TEXT)
    road.approved("distros", "Anna")
    road.policy = with_key("B" * 40)
    assert "the list's present key" in road.says(f"!approve {road.digest('distros')}", "Carl")
    road.policy = KEYED
    road.approved("distros", "Carl")
    road.policy = with_key("B" * 40)
    assert road.outward(AT - DISTROS.lead) == []
    road.says("!predisclose distros", text=TEXT)
    assert approvals(road) == {}
    road.approved("distros")
    assert road.outward() == [DISTROS.to]


def test_an_approval_is_of_this_preparation_only() -> None:
    """Another text, and the first one restored: an approval of the first preparation counts for nothing."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    kept_back = road.digest()
    road.now += timedelta(minutes=1)
    road.says("!announce", text=OTHER)
    road.now += timedelta(minutes=1)
    road.says("!announce", text=TEXT)
    road.approved(ANNOUNCEMENT, "Anna")
    assert "has this digest" in road.says(f"!approve {kept_back}", "Carl")
    assert set(approvals(road)) == {"announcement/Anna"}


def test_a_prepared_text_is_shown_to_every_member_and_kept_where_it_came_in() -> None:
    """Each gets the text once with its digest; what is recorded names the mail, not its words."""
    road = on_the_road()
    said = road.says("!announce", text=TEXT)
    shown = [one for one in road.owed.values() if one.kind is LetterKind.PREPARED]
    assert road.digest() in said
    assert {one.recipient for one in shown} == {m.addresses[0] for m in OUT.team.members}
    assert {one.facts["digest"] for one in shown} == {road.digest()}
    assert road.case.record.value(RESTS, ANNOUNCEMENT) == "mail:1"
    expected = outward(
        road.case.id, ANNOUNCEMENT, TEXT, "", OUT.targets, terms(road.case.record, ANNOUNCEMENT)
    )
    assert expected
    assert road.digest() == expected.digest
    assert expected.to == (ANNOUNCE.to, OSS.to)


def test_of_a_sealed_case_only_members_with_a_key_see_the_text() -> None:
    """Bea has none: she gets no letter, in clear or otherwise, and could not approve."""
    road = on_the_road()
    road.case = replace(road.case, sealed=True)
    road.says("!announce", text=TEXT)
    shown = [one for one in road.owed.values() if one.kind is LetterKind.PREPARED]
    assert {(one.recipient, one.sealed) for one in shown} == {(m.addresses[0], True) for m in (ANNA, CARL)}


def test_two_different_members_approve() -> None:
    """One is told that one is missing, twice himself counts once, the second completes it."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    assert "1 of 2" in road.says(f"!approve {road.digest()}")
    assert "counts once" in road.says(f"!approve {road.digest()}")
    assert approvals(road) == {"announcement/Anna": f"{road.digest()} {ANNA.fingerprint}"}
    assert "2 of 2" in road.says(f"!approve {road.digest()}", "Carl")
    assert set(approvals(road)) == {"announcement/Anna", "announcement/Carl"}


def test_the_status_tells_what_a_text_lacks() -> None:
    """``!status`` names each prepared text, who approved it, and what is still wanted."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.approved(ANNOUNCEMENT, "Anna")
    said = road.writes("!status\n")
    assert (
        f"text for announcement: approval by 1 more member (!approve {road.digest()}); Anna approved it"
        in said
    )
    road.approved(ANNOUNCEMENT, "Carl")
    assert "text for announcement: approved" in road.writes("!status\n")


@pytest.mark.parametrize("back", [False, True])
def test_a_changed_text_needs_both_anew(back: bool) -> None:
    """The old approvals are void, and stay so when the old text is prepared again."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.approved()
    road.says("!announce", text=OTHER)
    if back:
        road.says("!announce", text=TEXT)
    assert approvals(road) == {}
    assert road.outward(AT) == []


def test_the_same_text_again_keeps_its_approvals() -> None:
    """Prepared once more without any change, nothing is void."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.approved()
    road.says("!announce", "Carl", TEXT)
    assert len(approvals(road)) == 2


@pytest.mark.parametrize(
    ("way", "key"),
    [
        (Way("team"), ""),
        (Way("team", proof="signed"), "F" * 40),
        (Way("team", proof="none"), ""),
    ],
)
def test_nobody_approves_without_a_members_signature(way: Way, key: str) -> None:
    """From alone, a passing exchanger, or a signature of somebody else's key are no approval."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.writes(f"!approve {road.digest()} {road.case.id}\n", way=way, key=key)
    assert approvals(road) == {}


@pytest.mark.parametrize("role", FolderRole)
def test_whose_key_signed_counts_not_whose_name_is_on_it(role: FolderRole) -> None:
    """Carl, writing as Anna, approves as Carl, be it in the desk's own Sent folder."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.writes(f"!approve {road.digest()} {road.case.id}\n", "Anna", key=CARL.fingerprint, role=role)
    assert set(approvals(road)) == {"announcement/Carl"}


def test_the_case_stands_inside_what_is_signed() -> None:
    """An approval that does not name the case is none."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    assert "sign your message and mention" in road.writes(f"!approve {road.digest()}\n")
    assert approvals(road) == {}


@pytest.mark.parametrize("digest", ["0" * 64, "", "first8", "other"])
def test_a_digest_of_another_text_is_refused(digest: str) -> None:
    """A wrong, missing, shortened or outdated digest is answered with those that there are."""
    road = on_the_road()
    road.says("!announce", text=OTHER)
    old = road.digest()
    road.says("!announce", text=TEXT)
    given = {"first8": road.digest()[:8], "other": old}.get(digest, digest)
    said = road.says(f"!approve {given}")
    assert "has this digest" in said
    assert f"announcement {road.digest()}" in said
    assert approvals(road) == {}


def test_the_command_line_cannot_stand_in_for_a_signature() -> None:
    """It may prepare a text; it neither approves nor sends one."""
    road = on_the_road()
    assert road.digest() in road.hands_in(ANNOUNCEMENT)
    assert "no command can" in road.types(f"approve {road.digest()}")
    road.approved()
    road.now = AT
    assert "only a member can say so" in road.types("announce now")
    assert approvals(road).keys() == {"announcement/Anna", "announcement/Carl"}


def test_a_member_who_left_approves_no_more() -> None:
    """His approval does not count once he has left the team, has no key, or another one."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.approved()
    anna = replace(OUT.team.members[0], fingerprint="")
    road.policy = replace(OUT, team=replace(OUT.team, members=(anna, *OUT.team.members[1:])))
    assert road.outward(AT) == []
    anna = replace(anna, fingerprint="F" * 40)
    road.policy = replace(OUT, team=replace(OUT.team, members=(anna, *OUT.team.members[1:])))
    assert road.outward(AT) == []
    road.policy = OUT
    assert road.outward(AT) == [ANNOUNCE.to]


@pytest.mark.parametrize(
    ("word", "text", "said"),
    [
        ("!announce", "", "write the text below the command"),
        ("!announce", "No subject, CVE-2026-12345.", "a line for its subject"),
        ("!announce", "Subject: Overflow\n\nA long name.", "does not name CVE-2026-12345"),
        ("!announce", TEXT + "\nAsk carl@project.example.", "for the team only"),
        ("!announce", TEXT + "\nIt is EX-222222 with us.", "for the team only"),
        ("!announce", TEXT + "\n!handler me\n", "for the team only"),
        ("!announce", TEXT + "\nWrite to security+abcdefgh@project.example", "for the team only"),
        ("!announce", TEXT + "\nIt is not\u202e exploited.", "nobody sees"),
        ("!predisclose", TEXT, "one of distros"),
        ("!predisclose nobody", TEXT, "one of distros"),
        ("!predisclose distros", TEXT + "\nand CVE-2026-99999", "one issue in each message"),
    ],
)
def test_a_text_that_cannot_go_out_is_not_prepared(word: str, text: str, said: str) -> None:
    """Without text or subject, without the CVE id, with what is internal, or for no list: refused, with why."""
    road = on_the_road()
    assert said in road.says(word, text=text)
    assert road.digest() == road.digest("distros") == ""


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        (("severity moderate",), "a severity of at least Important (it is Moderate)"),
        (("track public",), "the track private or urgent (it is public)"),
    ],
)
def test_a_list_has_its_rules(words: tuple[str, ...], lacks: str) -> None:
    """A case that the list is not for is refused, and the rule named."""
    road = on_the_road()
    road.types(*words)
    assert lacks in road.says("!predisclose distros", text=TEXT)
    assert road.digest("distros") == ""


def test_a_list_wants_a_date_a_step_and_a_key() -> None:
    """Everything that is missing is said at once."""
    road = Road(replace(OUT, targets=replace(OUT.targets, predisclosure=(replace(DISTROS, key=""),))))
    said = road.says("!predisclose distros", text=TEXT.replace("CVE-2026-12345", ""))
    for lack in ("public key", "!embargo", "it is not set", "!done audit"):
        assert lack in said


def test_the_letter_to_a_list_says_what_its_readers_need() -> None:
    """Date with zone, CVE, severity, versions, branches, TLP and terms stand below the team's own text."""
    road = on_the_road()
    road.types("affects 1.0 to 2.0.3", "branch 2.0 fixed")
    road.says("!predisclose distros", text=TEXT)
    frame = road.case.record.value(PREPARED_FRAME, "distros")
    for line in (
        f"Public from: {AT:%Y-%m-%d %H:%M} UTC",
        "CVE: CVE-2026-12345 (please do not name it in public before the announcement)",
        "Severity: Important",
        "Affected: 1.0 to 2.0.3",
        "Fixed on: 2.0",
        "TLP:AMBER",
        "publish nothing",
    ):
        assert line in frame, line


def test_nothing_free_that_is_said_of_a_sealed_case_is_kept_in_the_frame() -> None:
    """Versions of a sealed case stand in the mail that says them only."""
    road = on_the_road()
    road.types("affects quokka 1.0")
    road.case = replace(road.case, sealed=True)
    road.says("!predisclose distros", text=TEXT)
    assert road.digest("distros")
    assert not any("quokka" in one.value for one in road.case.record.facts if one.name != "affects")


def test_two_of_one_name_are_not_two_who_approve() -> None:
    """The check refuses such a team; and if it did not, one approval would still be one."""
    road = on_the_road(
        replace(OUT, team=Team((*OUT.team.members, replace(OUT.team.members[0], addresses=("a@b.example",)))))
    )
    road.says("!announce", text=TEXT)
    road.approved(ANNOUNCEMENT, "Anna")
    assert len(approvers(road.case.record, ANNOUNCEMENT, road.policy.team)) == 1


@pytest.mark.parametrize(("stage", "refused"), [("", True), ("announced", False)])
def test_a_public_text_names_no_reserved_id_of_another_case(stage: str, refused: bool) -> None:
    """On the command line as by mail; the id of what is announced may be named."""
    road = on_the_road()
    facts = (Fact("cve", "CVE-2026-99999", "op", NOW), Fact("stage", stage, "op", NOW))
    other = replace(road.case, id="EX-999999", record=Disclosure(facts))
    known = CaseCandidates(road.case, announced=(road.case, other))
    text = f"{TEXT}See CVE-2026-99999, too."
    found = decide(
        TextPrepared(road.case.id, ANNOUNCEMENT, text, text, "operator:op"), known, road.policy, road.now
    )
    assert ("it names the CVE id of EX-999999" in found.refusal) is refused


def test_no_refusal_names_an_encrypted_case() -> None:
    """Which encrypted case has the id would be told unencrypted; in an encrypted case it is named."""
    road = on_the_road()
    other = replace(
        road.case, id="EX-999999", sealed=True, record=Disclosure((Fact("cve", "CVE-2026-99999", "op", NOW),))
    )
    text = f"{TEXT}See CVE-2026-99999, too."
    event = TextPrepared(road.case.id, ANNOUNCEMENT, text, text, "operator:op")
    for sealed, named in ((False, "an encrypted case"), (True, "EX-999999")):
        case = replace(road.case, sealed=sealed)
        found = decide(event, CaseCandidates(case, announced=(case, other)), road.policy, road.now)
        assert f"it names the CVE id of {named}, which is not announced" in found.refusal
