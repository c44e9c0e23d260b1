"""A desk for tests: its policy as a value, and its configuration as an operator would write it."""

from datetime import UTC, datetime

from maild.core.policy import Policy
from maild.core.values.desk import Desk, Mode
from maild.core.values.duration import Length
from maild.core.values.people import Member, Role, Team
from maild.core.values.rule import seed
from tests.support.phrases import PHRASES
from tests.support.screened import RULES

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""A Monday morning, the instant most tests begin at."""
SECRET = b"the secret of the desk under test"
MX = "mx.project.example"

ANNA = Member("Anna", ("anna@project.example",), "anna@project.example", frozenset({Role.HANDLER}), "A" * 40)
CARL = Member(
    "Carl", ("carl@project.example",), "carl@phone.example", frozenset({Role.COORDINATOR}), "C" * 40
)
BEA = Member("Bea", ("bea@project.example",), "bea@project.example", frozenset({Role.BACKUP}))

DESK = Desk("Example Security Team", "security@project.example", SECRET, prefix="EX", mode=Mode.OBSERVE)
POLICY = Policy(
    desk=DESK,
    team=Team((ANNA, CARL, BEA)),
    rules=seed(Length(24, "h"), Length(48, "h"), Length(5, "d")),
    screening=RULES,
    phrases=PHRASES,
    authserv_ids=(MX,),
)

GOOD_CONFIG = """\
[desk]
name = "Example Security Team"
address = "security@project.example"
prefix = "EX"
state = "state"

[inbox]
host = "localhost"
password_file = "secret"
sent = "Sent"

[smtp]
host = "localhost"

[[team]]
name = "Carl"
addresses = ["carl@project.example"]
roles = ["handler", "coordinator"]

[[team]]
name = "Bea"
addresses = ["bea@project.example"]
roles = ["backup"]
"""
