"""The configuration: all faults at once, in an operator's words; the good one loads."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from maild.cli import main
from maild.config import find, load
from maild.config.lines import lines, nearest
from maild.config.model import File
from maild.config.share import shipped
from maild.core.policy import SEED_LADDER, Promise
from maild.core.screening import THRESHOLD
from maild.core.values.duration import Length
from maild.core.values.people import Role
from maild.core.values.rule import HELD_MAIL, seed
from maild.errors import ConfigError, Problem
from tests.support.desk import GOOD_CONFIG, NOW
from tests.support.umask import own_umask

BAD = Path(__file__).parent / "bad_config"


@pytest.fixture(autouse=True)
def _no_other_config(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAILD_CONFIG", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


def lay_out(folder: Path, text: bytes) -> Path:
    """The configuration in a folder of its own, with the secrets that it may name."""
    path = folder / "maild.toml"
    path.write_bytes(text)
    for name, mode in (("secret", 0o600), ("open-secret", 0o644)):
        (folder / name).write_text("sesame\n")
        (folder / name).chmod(mode)
    return path


def said(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Exit status and standard error of the command line."""
    monkeypatch.setattr(sys, "argv", ["maild", *arguments])
    with own_umask(), pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capfd.readouterr().err


@pytest.mark.parametrize("name", sorted(path.stem for path in BAD.glob("*.toml")))
def test_a_bad_configuration_is_refused_with_every_fault(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit status 78, every expected phrase on standard error, and no word of Python."""
    path = lay_out(tmp_path, (BAD / f"{name}.toml").read_bytes())
    status, text = said(["--config", str(path), "check"], monkeypatch, capfd)
    assert status == 78
    assert str(path) in text
    assert "Traceback" not in text
    assert "pydantic" not in text
    for phrase in (BAD / f"{name}.expected").read_text().splitlines():
        if phrase.startswith("! "):
            assert phrase[2:] not in text
        else:
            assert phrase in text


def test_a_fault_says_on_which_line_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The line of the key in the operator's file; where it is missing, the line of its table."""
    text = (BAD / "promise-limits.toml").read_text()
    path = lay_out(tmp_path, text.encode())
    said_ = said(["--config", str(path), "check"], monkeypatch, capfd)[1]
    told = dict(re.findall(r"^  line (\d+): (\S+) is\b", said_, re.MULTILINE))
    rows = text.splitlines()
    assert len(told) > 5
    for number, key in told.items():
        assert rows[int(number) - 1].startswith((key.rpartition(".")[2], "[["))


def test_lists_inside_lists_are_numbered() -> None:
    """Tables by their own number, those inside by that of the table around them."""
    text = "[a]\nx = 1\n[[l]]\nname = 1\n[[l.r]]\nw = 1\n[[l.r]]\nw = 2 # two\n[[l]]\n[[l.r]]\nw = 3\n"
    known = lines(text)
    assert (known["a.x"], known["l.0.r.0.w"], known["l.0.r.1.w"], known["l.1.r.0.w"]) == (2, 6, 8, 11)
    assert (nearest("l.1.r.0.who", known), nearest("zz.y", known)) == (10, None)


def test_every_bad_file_has_its_words() -> None:
    """No configuration without expectations, and none the other way round."""
    names = {path.stem for path in BAD.glob("*.toml")}
    assert names == {path.stem for path in BAD.glob("*.expected")}
    assert all((BAD / f"{name}.expected").read_text().strip() for name in names)


@pytest.mark.parametrize(
    "command", [["run"], ["run", "--once"], ["cases"], ["explain", "-"], ["status", "--json"]]
)
def test_no_command_starts_with_a_bad_configuration(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever was asked for: nothing is begun, no state folder is made."""
    path = lay_out(tmp_path, (BAD / "one-person.toml").read_bytes())
    assert said(["--config", str(path), *command], monkeypatch, capfd)[0] == 78
    assert {p.name for p in tmp_path.iterdir()} == {"maild.toml", "secret", "open-secret"}


def test_a_missing_file_says_where_one_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No file at all: 78, its path, and where to find one to begin with."""
    status, text = said(["--config", str(tmp_path / "none.toml"), "check"], monkeypatch, capfd)
    assert status == 78
    assert "none.toml" in text
    assert "`maild init` makes one" in text


def test_the_program_itself_refuses(tmp_path: Path) -> None:
    """``python -m maild``, as a process: status 78, faults on standard error, nothing on standard output."""
    path = lay_out(tmp_path, (BAD / "one-person.toml").read_bytes())
    command = [sys.executable, "-m", "maild", "--config", str(path), "check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (78, "")
    assert "at least two different people" in done.stderr


def test_the_good_configuration_loads(tmp_path: Path) -> None:
    """A small good file is taken, with the published promises as defaults and the people in their roles."""
    config = load(lay_out(tmp_path, GOOD_CONFIG.encode()))
    policy = config.policy(b"secret")
    assert policy.rules == (*seed(Length(24, "h"), Length(48, "h"), Length(5, "d")), HELD_MAIL)
    assert {rule.id: rule.due(NOW) - NOW for rule in policy.rules} == {
        Promise.ACKNOWLEDGE: timedelta(hours=24),
        Promise.RESPOND: timedelta(hours=48),
        Promise.UPDATE: timedelta(days=5),
        HELD_MAIL.id: timedelta(hours=12),
    }
    assert all(policy.ladder(promise) == SEED_LADDER for promise in Promise)
    assert [rung.after for rung in SEED_LADDER] == [timedelta(0), timedelta(days=1)]
    assert [m.name for m in policy.team.having(Role.COORDINATOR)] == ["Carl"]
    assert [m.contact for m in policy.team.having(Role.BACKUP)] == ["bea@project.example"]
    assert config.state == tmp_path / "state"
    assert config.login(config.file.inbox)[1] == "sesame"


def shipped_text(uncommented: bool) -> str:
    """The shipped file with its placeholders filled in; if wanted every commented option switched on."""
    text = (shipped("config") / "maild.toml").read_text()
    for number, line in enumerate(found := re.findall(r"^.*CHANGE-ME.*$", text, re.MULTILINE)):
        good = re.sub(r"CHANGE-ME[\w-]*@example.org", f"u{number}@project.example", line)
        text = text.replace(line, good.replace("CHANGE-ME", f"host{number}"), 1)
    assert found
    text = re.sub(r'^password_file = "\w[^"]*"', 'password_file = "secret"', text, flags=re.MULTILINE)
    return re.sub(r"^#(\w+ = )", r"\1", text, flags=re.MULTILINE) if uncommented else text


def test_the_shipped_file_loads_once_it_is_filled_in(tmp_path: Path) -> None:
    """``config/maild.toml`` is refused for its placeholders only."""
    with pytest.raises(ConfigError) as caught:
        load(lay_out(tmp_path, (shipped("config") / "maild.toml").read_bytes()))
    assert any("placeholder" in problem.wanted for problem in caught.value.problems)
    load(lay_out(tmp_path, shipped_text(uncommented=False).encode()))


def test_the_shipped_file_shows_every_option_with_its_default(tmp_path: Path) -> None:
    """With every commented line switched on, the file means the same as without them, ports apart."""
    short, full = (
        load(lay_out(tmp_path, shipped_text(on).encode())).file.model_dump() for on in (False, True)
    )
    for values in (short, full):
        values["inbox"].pop("port")
        values["smtp"].pop("port")
        values["canary"].pop("port")
        for member in values["team"]:
            member["contact"] = member["contact"] or ""
    short["inbox"]["username"] = full["inbox"]["username"]
    assert full["screening"].pop("threshold") == THRESHOLD
    short["screening"].pop("threshold")
    assert full["canary"].pop("every") == timedelta(days=1)  # in relay mode, which is the default
    short["canary"].pop("every")
    assert full["inbox"].pop("junk") == "Junk"  # without a name: the folder that the server names
    assert short["inbox"].pop("junk") is None
    assert full == short


def test_the_shipped_file_names_every_option() -> None:
    """No option of the model is missing from the file."""
    text = (shipped("config") / "maild.toml").read_text()
    for name, section in File.model_fields.items():
        many = get_origin(section.annotation) is tuple
        kind: Any = get_args(section.annotation)[0] if many else section.annotation
        start = f"[[{name}]]" if many else f"\n[{name}]"
        part = text.partition(start)[2].partition("\n[")[0]
        if name == "smtp":
            part += text.partition("\n[inbox]")[2].partition("\n[")[0]
        keys = set(kind.model_fields) - {"rung", "stage", "handling", "checklist", "step"}
        missing = [key for key in keys if not re.search(rf"^#? *{key} = ", part, re.MULTILINE)]
        assert missing == [], name
    tables = ("[[ladder.rung]]", "[[disclosure.stage]]", "[[disclosure.handling]]", "[disclosure.checklist]")
    assert [one for one in tables if one not in text] == []


def test_where_the_configuration_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """``--config`` before ``$MAILD_CONFIG`` before the system's file."""
    assert find(None) == Path("/etc/maild/maild.toml")
    monkeypatch.setenv("MAILD_CONFIG", "/from/the/environment.toml")
    assert find(None) == Path("/from/the/environment.toml")
    assert find("given.toml") == Path("given.toml")


def test_the_environment_names_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A command without ``--config`` uses ``$MAILD_CONFIG``."""
    monkeypatch.setenv("MAILD_CONFIG", str(lay_out(tmp_path, GOOD_CONFIG.encode())))
    assert said(["cases"], monkeypatch, capfd)[0] == 0
    assert (tmp_path / "state" / "maild.db").exists()


def test_secrets_come_from_the_credentials_folder_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``$CREDENTIALS_DIRECTORY`` (systemd's) wins over the file beside the configuration."""
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "secret").write_text("from systemd\n")
    (credentials / "secret").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    config = load(lay_out(tmp_path, GOOD_CONFIG.encode()))
    assert config.secret("secret") == "from systemd"
    assert config.secret("") == ""


def test_a_secret_is_one_line(tmp_path: Path) -> None:
    """The line end that editors add is not part of a password; blanks are."""
    config = load(lay_out(tmp_path, GOOD_CONFIG.encode()))
    (tmp_path / "secret").write_text(" two words \r\n")
    assert config.secret("secret") == " two words "


VALUES = st.one_of(
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.just([]),
    st.just([1, "x"]),
    st.just({}),
)
KEYS = [
    (s, k)
    for s in ("desk", "inbox", "smtp", "openpgp", "limits", "promises", "screening", "trust")
    for k in (
        "name",
        "address",
        "aliases",
        "prefix",
        "state",
        "mode",
        "subaddress",
        "own_lists",
        "host",
        "port",
        "tls",
        "ca_file",
        "password_file",
        "token_file",
        "folders",
        "poll",
        "key",
        "respond",
        "receipts_per_hour",
        "weights",
        "authserv_id",
    )
]


def toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08x}" for c in value) + '"'
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).replace("'", '"')


def faults(path: Path) -> tuple[Problem, ...]:
    """The faults of a file, none when it loads; any other error is a bug."""
    try:
        load(path)
    except ConfigError as error:
        return error.problems
    return ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(KEYS), VALUES)
@example(("inbox", "password_file"), "a\x00b")
@example(("smtp", "ca_file"), "x" * 5000)
@example(("desk", "name"), "\x1b[31m")
def test_any_value_loads_or_is_a_fault(tmp_path: Path, key: tuple[str, str], value: object) -> None:
    """Whatever stands behind a key: the file loads, or the error is a ConfigError with words."""
    section, name = key
    base = re.sub(rf"(?s)(\[{section}\].*?\n){name} = [^\n]*\n", r"\1", GOOD_CONFIG, count=1)
    head = f"[{section}]\n"
    line = f"{name} = {toml(value)}\n"
    text = base.replace(head, head + line, 1) if head in base else f"{base}\n{head}{line}"
    found = faults(lay_out(tmp_path, text.encode("utf-8", "surrogatepass")))
    assert all(problem.key and problem.wanted for problem in found)


def test_nothing_of_the_environment_is_needed(tmp_path: Path) -> None:
    """An empty environment is enough to read a configuration (systemd gives little more)."""
    path = lay_out(tmp_path, GOOD_CONFIG.encode())
    command = [sys.executable, "-m", "maild", "--config", str(path), "status", "--json"]
    keep = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    done = subprocess.run(command, env=keep, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_a_configuration_in_the_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who typed no --config beside a ``maild.toml`` is told how to have it read; elsewhere nothing is said of it."""
    system = tmp_path / "etc" / "maild.toml"
    monkeypatch.setattr(sys.modules["maild.config.load"], "SYSTEM_FILE", system)
    monkeypatch.chdir(tmp_path)
    for there in (False, True):
        with pytest.raises(ConfigError) as refused:
            load(system)
        assert ("There is one in this folder: --config maild.toml" in str(refused.value)) is there
        (tmp_path / "maild.toml").touch()
