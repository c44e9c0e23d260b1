"""``maild advisory``: the advisory of a case in every form, and where each may go before the instant."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from maild.app.desk import Desk
from maild.config.advisory import read
from maild.core.cases.case import Case
from maild.core.disclosure import stages
from maild.core.disclosure.advisory import Advisory, Publisher
from maild.core.disclosure.advisory.csaf import csaf, file_name
from maild.core.disclosure.advisory.cve import cna_container
from maild.core.disclosure.advisory.openvex import openvex
from maild.core.disclosure.advisory.osv import osv
from maild.core.disclosure.advisory.text import markdown, plain
from maild.errors import Refused
from maild.store import cases

ENDS = {"text": "txt", "markdown": "md"}
FORMS: Mapping[str, Callable[[Advisory, bool], str]] = {
    "text": lambda advisory, _: plain(advisory),
    "markdown": lambda advisory, _: markdown(advisory),
    "osv": lambda advisory, _: _json(osv(advisory)),
    "csaf": lambda advisory, public: _json(csaf(advisory, public)),
    "cve": lambda advisory, _: _json(cna_container(advisory)),
    "openvex": lambda advisory, _: _json(openvex(advisory)),
}


def written(desk: Desk, case_id: str, file: Path, form: str) -> str:
    """The advisory for the public; ``Refused`` before the case is announced."""
    case = _case(desk, case_id)
    if stages.current(case, desk.policy.process) not in ("announced", "closed"):
        raise Refused(
            f"{case.id} is not announced: nothing of it goes out; --draft writes into the state folder"
        )
    return FORMS[form](read(file, publisher(desk)), True)


def drafted(desk: Desk, case_id: str, file: Path) -> Path:
    """The advisory in every form, in a folder of the state folder that nobody else can read."""
    case = _case(desk, case_id)
    advisory = read(file, publisher(desk))
    folder = desk.config.state / "advisories" / case.id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for form, render in FORMS.items():
        name = file_name(advisory) if form == "csaf" else f"{form}.{ENDS.get(form, 'json')}"
        target = folder / name
        target.touch(mode=0o600)
        target.write_text(render(_unnamed(advisory, form), False), "utf-8")
    return folder


def publisher(desk: Desk) -> Publisher:
    """Who publishes: the desk, under the URL of its policy."""
    section = desk.config.file.disclosure
    if not section.namespace:
        raise Refused("set disclosure.namespace to the URL that stands for your project in advisories")
    return Publisher(desk.policy.desk.name, section.namespace, section.cna)


def _unnamed(advisory: Advisory, form: str) -> Advisory:
    """A reserved CVE id stands in no text for the public, which these drafts may become."""
    return replace(advisory, cve="") if form in ("text", "markdown", "osv", "openvex") else advisory


def _case(desk: Desk, case_id: str) -> Case:
    case = desk.ask(cases.get, case_id.upper())
    if case is None:
        raise Refused(f"there is no case {case_id.upper()}; `maild cases --all` lists them")
    return case


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
