"""Advisories in machine-readable forms, held against the official schemas and validators of each form."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cvelib.cve_api import CveRecord
from jsonschema import Draft202012Validator

from maild.core.disclosure.advisory import Advisory
from maild.core.disclosure.advisory.csaf import csaf, file_name
from maild.core.disclosure.advisory.cve import cna_container
from maild.core.disclosure.advisory.openvex import openvex
from maild.core.disclosure.advisory.osv import osv
from maild.core.disclosure.advisory.text import markdown, plain
from maild.core.mail.headers import Headers
from tests.advisory.examples import example
from tests.support.corpus import find_corpus, read_mails

HERE = Path(__file__).parent
SCHEMAS = Path(__file__).parents[3] / "shared" / "schemas"
NUMBERS = range(12)


def from_reports() -> list[Advisory]:
    """Advisories with the words of real reports; of invented ones where there is no corpus."""
    corpus = find_corpus()
    if corpus is None:
        return [example(number) for number in NUMBERS]
    mails = list(read_mails(corpus / "reports").values())[:240:10]
    told = [(Headers(mail.headers.fields).text("Subject"), mail.text.strip()) for mail in mails]
    return [example(number, title, text) for number, (title, text) in enumerate(told)]


def schema(name: str) -> Draft202012Validator:
    """An official schema, where there is one beside the project."""
    path = SCHEMAS / name
    if not path.exists():
        pytest.skip(f"no official schema {name} beside the project")
    return Draft202012Validator(json.loads(path.read_text("utf-8")))


@pytest.mark.parametrize(("name", "render"), [("osv.schema.json", osv), ("openvex.schema.json", openvex)])
def test_osv_and_openvex_follow_their_schemas(name: str, render: Any) -> None:
    """Two dozen advisories with the words of real reports are valid."""
    validator = schema(name)
    for advisory in from_reports():
        faults = [error.message for error in validator.iter_errors(render(advisory))]
        assert faults == [], advisory.id


def test_cve_containers_are_taken_by_an_independent_reader() -> None:
    """The CNA container of each is what cvelib, by its own copy of the official schema, lets through."""
    for advisory in from_reports():
        CveRecord.validate(cna_container(advisory), CveRecord.Schemas.CNA_PUBLISHED)


@pytest.mark.parametrize("public", [True, False])
def test_csaf_passes_the_mandatory_tests(tmp_path: Path, public: bool) -> None:
    """Schema and every mandatory rule of CSAF 2.0, by its own validator (npm), for drafts and for the public."""
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        pytest.skip("CSAF's validator is not installed: (cd tests/advisory && npm install)")
    files = []
    for advisory in from_reports():
        files.append(tmp_path / file_name(advisory))
        files[-1].write_text(json.dumps(csaf(advisory, public)))
    done = subprocess.run(
        ["node", str(HERE / "validate.mjs"), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": valid") == len(files)


def test_csaf_says_whether_it_is_public() -> None:
    """A draft is under TLP AMBER and says draft; what is published is WHITE and final."""
    for public, label, status in ((True, "WHITE", "final"), (False, "AMBER", "draft")):
        document = csaf(example(1), public)["document"]
        assert document["distribution"]["tlp"]["label"] == label
        assert document["tracking"]["status"] == status


@pytest.mark.parametrize("number", NUMBERS)
def test_people_read_everything_that_was_written(number: int) -> None:
    """Plain text and Markdown name the versions, the fix, the thanks and the links."""
    advisory = example(number)
    for text in (plain(advisory), markdown(advisory)):
        wanted = [
            advisory.title,
            advisory.summary,
            advisory.severity,
            advisory.workaround,
            *advisory.references,
        ]
        wanted += [one.fixed for one in advisory.affected] + [one.name for one in advisory.credits]
        assert [word for word in wanted if word not in text] == []


@pytest.mark.parametrize(
    ("purl", "wanted"),
    [
        ("pkg:pypi/heron@1.0", "pkg:pypi/heron"),
        ("pkg:npm/%40scope/heron@1.0?arch=x#src", "pkg:npm/%40scope/heron?arch=x#src"),
        ("pkg:npm/@scope/heron", "pkg:npm/@scope/heron"),
    ],
)
def test_a_cve_container_names_the_package_without_a_version(purl: str, wanted: str) -> None:
    """The package URL of what is affected stands beside its versions, which are listed apart."""
    first = example(1)
    named = replace(first, affected=tuple(replace(one, purl=purl) for one in first.affected))
    assert {one["packageURL"] for one in cna_container(named)["affected"]} == {wanted}
