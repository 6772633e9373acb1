"""Whether every act that is written in the audit log has words on the page that shows it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from consent.model import Event
from review_app.audit_words import ACTION_WORDS
from storage.anchors import ANCHORED, ERASED, RESTORED

ROOT = Path(__file__).parents[3]


def constants(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from constants(one)
            yield from constants(other)


def acts() -> Iterator[str]:
    """Yield what is given to ``note_in_audit``, ``audit.append`` and a command's ``_note``."""
    for package in ("review_app", "storage", "pipeline"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Attribute(attr="note_in_audit"), args=[act, *_]):
                        yield from constants(act)
                    case ast.Call(func=ast.Attribute(attr="append"), keywords=named):
                        for each in named:
                            if each.arg == "action":
                                yield from constants(each.value)
                    case ast.Call(func=ast.Name(id="_note"), args=given):
                        for each in given:
                            yield from constants(each)


def test_every_act_in_the_log_has_words_and_no_words_are_left_over() -> None:
    found = {*acts(), *(f"consent_{event}" for event in Event), ANCHORED, ERASED, RESTORED}
    assert found | {"access_denied", "permit_denied"} == ACTION_WORDS.keys()
