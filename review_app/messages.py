"""Finds every text that a user can meet, for Babel and for the test of the catalogues.

A text is what is given to ``say``, what stands in a table whose name ends in WORDS or LABELS or in
any table of the components' labels, and of each class in an ``errors.py`` its docstring's first
line and its advice.

After a change of texts, Babel brings the catalogues up to date by the mapping in pyproject.toml::

    alias babel="python -m babel.messages.frontend"
    babel extract -F pyproject.toml --add-location=file --sort-by-file -o /tmp/samspil.pot .
    babel update -D samspil -d review_app/locale -N --ignore-obsolete -w 100 -i /tmp/samspil.pot
"""

import ast
from collections.abc import Iterator, Mapping
from typing import IO

Found = tuple[int, None, str, list[str]]


def extract(file: IO[bytes], *_keywords: object, options: Mapping[str, object]) -> Iterator[Found]:
    """Yield what a file gives to ``say`` and what its tables hold, in the form Babel asks for."""
    suffixes = ("",) if options.get("every_table") else ("WORDS", "LABELS")
    for node in ast.walk(ast.parse(file.read())):
        match node:
            case ast.Call(func=ast.Name(id="say") | ast.Attribute(attr="say"), args=[said, *_]):
                yield from _strings(said)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name.endswith(suffixes):
                yield from _strings(value)
            case _:
                pass


def extract_errors(file: IO[bytes], *_keywords: object, **_options: object) -> Iterator[Found]:
    """Yield what the errors of a file say, in the form Babel asks for."""
    for node in ast.walk(ast.parse(file.read())):
        match node:
            case ast.ClassDef(bases=[ast.Name(id=base), *_]) if not base.endswith("Enum"):
                yield node.lineno, None, (ast.get_docstring(node) or "").partition("\n")[0], []
            case (
                ast.Assign(targets=[ast.Name(id="advice")], value=value)
                | ast.AnnAssign(target=ast.Name(id="advice"), value=ast.expr() as value)
            ):
                yield from _strings(value)
            case _:
                pass


def _strings(value: ast.expr) -> Iterator[Found]:
    """Yield the literal texts of an expression; of a dict those of its values."""
    match value:
        case ast.Constant(value=str() as text) if text:
            yield value.lineno, None, text, []
        case ast.Dict(values=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _strings(part)
        case ast.IfExp(body=one, orelse=other):
            yield from _strings(one)
            yield from _strings(other)
        case _:
            pass
