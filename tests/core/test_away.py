"""Subjects of automatic answers, and what of a member's says that a program wrote."""

# ruff: noqa: RUF001 - words of many languages

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Verdict
from maild.core.mail.away import away
from tests.support import mails
from tests.support.deciding import PASSED, arrived, case, kinds, token, verdict
from tests.support.phrases import PHRASES

SUBJECTS = [
    "(Automatic reply) Overflow",
    "【自動返信】Overflow",
    "**Automatic reply** Overflow",
    "Out of Office Re: [EX-222222] Overflow",
    "Vacation: [EX-222222] Overflow",
    "Urlaub: AW: Overflow",
    "OOO Re: Overflow",
    "İzinde: [EX-222222] Overflow",
    "En congé",
    "Automatic reply: Overflow",
    "Auto: Overflow",
    "[Auto-Reply] Re: Overflow",
    "Out of Office AutoReply: Overflow",
    "Out of office until Monday: Overflow",
    "Automatic reply",
    "Abwesenheitsnotiz: Overflow",
    "Automatische Antwort: Overflow",
    "Réponse automatique : Overflow",
    "Respuesta automática: Overflow",
    "Resposta automática: Overflow",
    "Risposta automatica: Overflow",
    "Automatisch antwoord: Overflow",
    "Autosvar: Overflow",
    "Automatiskt svar: Overflow",
    "Automatisk svar: Overflow",
    "Automaattinen vastaus: Overflow",
    "Odpowiedź automatyczna: Overflow",
    "Automatická odpověď: Overflow",
    "Automatická odpoveď: Overflow",
    "Automatikus válasz: Overflow",
    "Răspuns automat: Overflow",
    "Автоматичен отговор: Overflow",
    "Автоматический ответ: Overflow",
    "Автоматична відповідь: Overflow",
    "Αυτόματη απάντηση: Overflow",
    "Otomatik yanıt: Overflow",
    "رد تلقائي: Overflow",
    "پاسخ خودکار: Overflow",
    "תשובה אוטומטית: Overflow",
    "स्वचालित उत्तर: Overflow",
    "Automatski odgovor: Overflow",
    "Samodejni odgovor: Overflow",
    "Automaatvastus: Overflow",
    "Automatinis atsakymas: Overflow",
    "Automātiskā atbilde: Overflow",
    "Balasan otomatis: Overflow",
    "Trả lời tự động: Overflow",
    "ตอบกลับอัตโนมัติ: Overflow",
    "自動応答：Overflow",
    "Abwesend: Overflow",
    "I am currently away: Overflow",
    "Аутоматски одговор: Overflow",
    "Resposta automàtica: Overflow",
    "Sjálfvirkt svar: Overflow",
    "Erantzun automatikoa: Overflow",
    "Avtomatik cavab: Overflow",
    "Përgjigje automatike: Overflow",
    "Ymateb awtomatig: Overflow",
    "Balasan automatik: Overflow",
    "Автоматты жауап: Overflow",
    "স্বয়ংক্রিয় উত্তর: Overflow",
    "தானியங்கி பதில்: Overflow",
    "自动答复: Overflow",
    "자동 회신: Overflow",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_members_automatic_answer_is_kept_and_moves_nothing(subject: str) -> None:
    """Known by its subject alone: not relayed, no promise met, nobody made the handler."""
    one = case()
    raw = mails.plain(subject=subject, sender="anna@project.example", Authentication_Results=PASSED)
    decision = arrived(raw, MailCandidates("EX-777777", by_token=token(one)))
    assert kinds(decision.changes) == ["Keep"]
    assert verdict(decision) is Verdict.AUTOMATIC


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply rule: stored XSS",
        "Re: Automatic reply: loop",
        "Autocomplete: XSS",
        "Out of office replies leak addresses",
        "Automation: broken access control",
        "Overflow",
        "",
    ],
)
def test_what_people_write_is_no_such_subject(subject: str) -> None:
    """A report may be about automatic replies."""
    assert not away(subject, PHRASES)


@pytest.mark.parametrize(
    "subject",
    ["Vacation: who takes over next week?", "Urlaub: Vertretung", "Away team", "Holiday plugin: XSS"],
)
def test_words_that_people_write_themselves_are_no_automatic_answer(subject: str) -> None:
    """A member tells the others of their absence; only above what it answers a program wrote so."""
    assert not away(subject, PHRASES)
