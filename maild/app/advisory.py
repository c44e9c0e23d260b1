"""``maild advisory``: the advisory of a case in every form, and where each may go before the instant."""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from maild.app.desk import Desk
from maild.config.advisory import read
from maild.config.article import html
from maild.core.disclosure import secrecy
from maild.core.disclosure.advisory import Advisory, Publisher
from maild.core.disclosure.advisory.csaf import csaf, file_name
from maild.core.disclosure.advisory.cve import cna_container
from maild.core.disclosure.advisory.openvex import openvex
from maild.core.disclosure.advisory.osv import osv
from maild.core.disclosure.advisory.skeleton import skeleton
from maild.core.disclosure.advisory.text import markdown, plain
from maild.core.facts.table import CVE
from maild.core.values.case import Case
from maild.errors import Refused
from maild.store import cases

ENDS = {"text": "txt", "markdown": "md", "html": "html"}
FORMS: Mapping[str, Callable[[Advisory, bool], str]] = {
    "text": lambda advisory, _: plain(advisory),
    "markdown": lambda advisory, _: markdown(advisory),
    "html": lambda advisory, _: html(advisory),
    "osv": lambda advisory, _: _json(osv(advisory)),
    "csaf": lambda advisory, public: _json(csaf(advisory, public)),
    "cve": lambda advisory, _: _json(cna_container(advisory)),
    "openvex": lambda advisory, _: _json(openvex(advisory)),
}


def written(desk: Desk, case_id: str, file: Path, form: str) -> str:
    """The advisory for the public; ``Refused`` before the case is announced, and while its embargo runs."""
    case = _case(desk, case_id)
    if why := secrecy.unannounced(case, desk.policy.process, desk.clock()):
        raise Refused(f"{why}, so no advisory is written; --draft writes into the state folder")
    return FORMS[form](read(file, publisher(desk)), True)


def begun(desk: Desk, case_id: str) -> str:
    """The file of the case's advisory to begin with, from what was recorded."""
    case = _case(desk, case_id)
    return skeleton(case.id, case.record, desk.clock())


def drafted(desk: Desk, case_id: str, file: Path) -> Path:
    """The advisory in every form, in a folder of the state folder that nobody else can read."""
    case = _case(desk, case_id)
    advisory = read(file, publisher(desk))
    folder = _folder(desk.config.state / "advisories", case.id)
    if secrecy.unannounced(case, desk.policy.process, desk.clock()):
        advisory = _unnamed(advisory, case)
    for form, render in FORMS.items():
        name = file_name(advisory) if form == "csaf" else f"{form}.{ENDS.get(form, 'json')}"
        _keep(folder / name, render(advisory, False))
    return folder


def _folder(above: Path, name: str) -> Path:
    """A folder for the owner alone; ``Refused`` where a link would lead out of the state folder."""
    for one in (above, above / name):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
        if one.is_symlink():
            raise Refused(f"{one} is a link, and drafts stay in the state folder; remove the link")
        one.chmod(0o700)
    return above / name


def _keep(target: Path, text: str) -> None:
    """Write a file for the owner alone, also where there is one that others could read; through no link."""
    target.unlink(missing_ok=True)
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as out:
        out.write(text)


def publisher(desk: Desk) -> Publisher:
    """Who publishes: the desk, under the URL of its policy."""
    section = desk.config.file.disclosure
    if not section.namespace:
        raise Refused("set disclosure.namespace to the URL that identifies your project in advisories")
    return Publisher(desk.policy.desk.name, section.namespace, section.cna)


def _unnamed(advisory: Advisory, case: Case) -> Advisory:
    """A reserved CVE id stands in no text for the public, which these drafts may become."""
    ids = [one for one in (advisory.cve, advisory.id, case.record.value(CVE)) if one.startswith("CVE-")]
    return replace(
        advisory,
        id=case.id if advisory.id in ids else advisory.id,
        cve="",
        title=_without(advisory.title, ids),
        summary=_without(advisory.summary, ids),
        details=_without(advisory.details, ids),
        workaround=_without(advisory.workaround, ids),
        upgrade=_without(advisory.upgrade, ids),
        references=tuple(url for url in advisory.references if url == _without(url, ids)),
    )


def _without(text: str, ids: list[str]) -> str:
    for one in ids:
        text = re.sub(rf"{re.escape(one)}(?!\d)", "(its CVE id)", text, flags=re.IGNORECASE)
    return text


def _case(desk: Desk, case_id: str) -> Case:
    case = desk.ask(cases.get, case_id.upper())
    if case is None:
        raise Refused(f"there is no case {case_id.upper()}; `maild cases --all` lists them")
    return case


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
