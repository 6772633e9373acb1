"""Whether every act that is written in the audit log has words on the page that shows it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from consent.model import Event, GapKind, Purpose
from review_app.audit_details import FIELD_WORDS, FILM, TERMS, VALUES, told
from review_app.audit_words import ACTION_WORDS
from review_app.commands.doubting import Doubt
from review_app.routes.exports import Exported
from review_app.translation import translator
from review_app.witness import Shown
from storage.anchors import ANCHORED, ERASED, RESTORED
from storage.records import (
    ConcernStep,
    CopyVoice,
    ErasureReason,
    ExportReason,
    HoldKind,
    Side,
    Stage,
    TrainingReason,
    Verdict,
    Visibility,
)
from storage.subtitles import SubtitleKind

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


NO_DETAIL = {None, "actor", "by", "recording"}


def fields() -> Iterator[str]:
    """Yield the name of each detail that is given to what writes in the audit log."""
    for package in ("review_app", "storage", "pipeline"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case (
                        ast.Call(func=ast.Attribute(attr="note_in_audit"), keywords=given)
                        | ast.Call(func=ast.Name(id="_note" | "settle_answer"), keywords=given)
                    ):
                        yield from (each.arg for each in given if each.arg not in NO_DETAIL)
                    case (
                        ast.keyword(arg="detail", value=ast.Dict(keys=keys))
                        | ast.Assign(targets=[ast.Name(id="detail")], value=ast.Dict(keys=keys))
                        | ast.AnnAssign(target=ast.Name(id="detail"), value=ast.Dict(keys=keys))
                        | ast.Assign(
                            targets=[
                                ast.Tuple(elts=[ast.Name(id="action"), ast.Name(id="detail")])
                            ],
                            value=ast.Tuple(elts=[_, ast.Dict(keys=keys)]),
                        )
                        | ast.Assign(
                            targets=[ast.Name(id="company")],
                            value=ast.IfExp(body=ast.Dict(keys=keys)),
                        )
                    ):
                        yield from (key.value for key in keys if isinstance(key, ast.Constant))


def test_every_detail_in_the_log_has_words_and_no_words_are_left_over() -> None:
    in_words = {*FIELD_WORDS, *VALUES, *TERMS, *FILM}
    assert set(fields()) == in_words


def test_every_code_in_a_detail_has_words() -> None:
    codes: dict[str, tuple[str, ...]] = {
        "because": (*ErasureReason, *Doubt),
        "kind": (*GapKind, *HoldKind, *SubtitleKind, "Denied", "NotReleased"),
        "purpose": tuple(Purpose),
        "reason": (*ExportReason, *TrainingReason),
        "side": tuple(Side),
        "stage": tuple(Stage),
        "step": tuple(ConcernStep),
        "verdict": tuple(Verdict),
        "visibility": tuple(Visibility),
        "voice": tuple(CopyVoice),
        "what": (*Shown, *Exported, "training"),
    }
    assert {field: set(each) - VALUES[field].keys() for field, each in codes.items()} == {
        field: set() for field in VALUES
    }


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"sequence": "01a20355-1ef6-77a1-91a1-1ebf270d8c2b"}, ["Sekvens …270d8c2b"]),
        ({"from_ms": 61_000, "to_ms": 3_600_000, "with": "u"}, ["01:01–1:00:00", "Sammen med u"]),
        ({"code": "x", "ground": "y"}, ["Stikord: Spørgsmål", "Loven"]),
        (
            {"what": "film", "reason": "case_file"},
            ["Filmen", "Den skal på sagen"],
        ),
        ({"held.tags": 2, "held.blob.source": 1}, ["Rækker og filer: 3"]),
        ({"kind": "new_kind"}, ["new_kind"]),
    ],
)
def test_details_are_told_in_the_readers_words(
    detail: dict[str, int | str], words: list[str]
) -> None:
    terms = {"x": "Spørgsmål", "y": "Loven"}
    assert list(told(detail, terms=terms, say=translator("da"))) == words
