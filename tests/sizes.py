"""What has grown too large: ``python tests/sizes.py`` names modules above 300 lines and functions above 50."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "maild"
MODULE, FUNCTION = 300, 50


def too_large(package: Path) -> Iterator[str]:
    """A line for each module and function below *package* that is longer than it should be."""
    for path in sorted(package.rglob("*.py")):
        source = path.read_text("utf-8")
        name, lines = path.relative_to(package.parent), source.count("\n")
        if lines > MODULE:
            yield f"{name}: {lines} lines"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                long = (node.end_lineno or 0) - node.lineno + 1
                if long > FUNCTION:
                    yield f"{name}:{node.lineno}: {node.name} has {long} lines"


if __name__ == "__main__":
    found = list(too_large(PACKAGE))
    print("\n".join(found) or f"no module above {MODULE} lines, no function above {FUNCTION}")
    sys.exit(bool(found))
