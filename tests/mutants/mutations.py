"""One-line mutations of a module: what a slip of the hand would look like, each at one place."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
COUNTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """In this line (counted from 1) the text from *start* to *end* (offsets in UTF-8) becomes *new*."""

    line: int
    start: int
    end: int
    new: str

    def applied(self, source: str) -> str:
        """*source* with this one slip in it."""
        lines = source.splitlines(keepends=True)
        row = lines[self.line - 1].encode()
        lines[self.line - 1] = (row[: self.start] + self.new.encode() + row[self.end :]).decode()
        return "".join(lines)


def mutations(source: str) -> list[Mutation]:
    """Every mutation of *source* that fits into a line, in the order of the lines."""
    lines, tree = source.splitlines(), ast.parse(source)
    unread = set(_unread(tree, False))
    found = {one for node in ast.walk(tree) if node not in unread for one in _of(node, lines)}
    return sorted(found, key=lambda one: (one.line, one.start, one.new))


def _unread(node: ast.AST, local: bool) -> Iterator[ast.AST]:
    """What Python compiles to nothing: the annotations of local variables (PEP 526)."""
    if local and isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield from ast.walk(node.annotation)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        local = not isinstance(node, ast.ClassDef)
    for child in ast.iter_child_nodes(node):
        yield from _unread(child, local)


def _of(node: ast.AST, lines: list[str]) -> Iterator[Mutation]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield from _between(left, right, COMPARED.get(type(operator)), lines)
        case ast.BinOp(left=left, op=operation, right=right):
            yield from _between(left, right, COUNTED.get(type(operation)), lines)
        case ast.BoolOp(op=ast.And(), values=[first, second, *_]):
            yield from _between(first, second, ("and", "or"), lines)
        case ast.BoolOp(op=ast.Or(), values=[first, second, *_]):
            yield from _between(first, second, ("or", "and"), lines)
        case ast.UnaryOp(op=ast.Not()) if node.lineno == node.operand.lineno:
            yield Mutation(node.lineno, node.col_offset, node.col_offset + len("not"), "")
        case ast.If(test=test) | ast.IfExp(test=test) if test.lineno == test.end_lineno:
            old = lines[test.lineno - 1].encode()[test.col_offset : test.end_col_offset].decode()
            yield Mutation(test.lineno, test.col_offset, test.end_col_offset or 0, f"(not ({old}))")
        case ast.Constant(value=value) if type(value) in (bool, int):
            new = str(not value) if isinstance(value, bool) else str(value + 1)
            yield Mutation(node.lineno, node.col_offset, node.end_col_offset or 0, new)
        case ast.Continue():
            yield Mutation(node.lineno, node.col_offset, node.end_col_offset or 0, "break")


def _between(
    left: ast.expr, right: ast.expr, words: tuple[str, str] | None, lines: list[str]
) -> Iterator[Mutation]:
    """The operator between two operands that stand in one line."""
    if words is None or left.end_lineno != right.lineno:
        return
    row, old, new = lines[right.lineno - 1].encode(), *words
    at = row.find(old.encode(), left.end_col_offset, right.col_offset)
    if at >= 0:
        yield Mutation(right.lineno, at, at + len(old.encode()), new)
