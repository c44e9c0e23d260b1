"""Texts for outsiders from the command line: an advisory in a file becomes a letter that members approve."""

import asyncio
from dataclasses import replace
from pathlib import Path

from maild.app import advisory as advisories
from maild.app.desk import Desk, open_pgp
from maild.app.operator import handled, who
from maild.config.advisory import read
from maild.config.publishing import PredisclosureSection
from maild.core.disclosure.advisory.text import letter
from maild.core.event import TextPrepared
from maild.core.facts.table import CVE
from maild.store import facts

LEAKS = 1 / 1000
"""How likely one reader lets one embargo slip, for an estimate: nobody knows it, and people differ."""


def cost(listed: PredisclosureSection) -> str:
    """What telling a list costs: each of its readers may leak, and they add up."""
    sealed = "sealed" if listed.key else "once it has a key"
    if not listed.readers:
        return f"{sealed}; how many read it is not known (readers)"
    chance = 100 * (1 - (1 - LEAKS) ** listed.readers)
    each = f"if each of them leaks once in {round(1 / LEAKS)} times"
    return f"{sealed}; {listed.readers} readers: {each}, {chance:.1f} % of embargoes leak"


def prepared(desk: Desk, case_id: str, item: str, file: Path) -> str:
    """The advisory in *file* as the text for a list, or for the announcement; what became of it, in words.

    It is kept sealed to the desk's own key where the desk has one. Nobody has approved it by that.
    """
    advisory = read(file, advisories.publisher(desk))
    recorded = desk.ask(facts.of_case, case_id.upper()).value(CVE)
    cve = advisory.cve or (recorded if recorded.startswith("CVE-") else "")
    text = letter(replace(advisory, cve=cve)).strip()
    return handled(desk, TextPrepared(case_id.upper(), item, text, _kept(desk, text), who()))


def _kept(desk: Desk, text: str) -> str:
    pgp = open_pgp(desk.config)
    if pgp is None:
        return text
    return asyncio.run(pgp.seal(text.encode(), [pgp.fingerprint], sign=False)).decode("ascii")
