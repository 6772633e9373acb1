"""From TOML to a codebook. Everything is checked here except the words of the cues' patterns.

The patterns are compiled by ``matching.compiled``, which names places the same way.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from storage.codebooks.errors import CodebookInvalid
from storage.codebooks.fields import Fields
from storage.codebooks.model import (
    LANGUAGES,
    Codebook,
    Cue,
    Example,
    GuideQuestion,
    QuestionCondition,
    Severity,
    TagDefinition,
    TagText,
    Within,
)

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_QUESTION_ID = re.compile(r"P[12]\.[1-9][0-9]?")
_DIGITS = frozenset("1234567890")
_SPEAKERS = frozenset({"caseworker", "youth", "parent", "other"})
_EXAMPLES_EACH_WAY = 2

Choice = TypeVar("Choice", bound=StrEnum)


def parse_codebook(untrusted_text: str) -> Codebook:
    """Return the codebook written in a TOML text.

    Raises:
        CodebookInvalid: Something is missing, unknown or impossible; the message names it.
    """
    return codebook_from(_toml(untrusted_text))


def codebook_from(untrusted: object) -> Codebook:
    """Return the codebook of a table such as TOML or JSON gives.

    Raises:
        CodebookInvalid: Something is missing, unknown or impossible; the message names it.
    """
    fields = Fields(untrusted, place="")
    book = Codebook(
        id=_code(fields, "id"),
        version=fields.whole("version", least=1),
        edition=fields.whole("edition", least=0, default=0),
        titles=_in_every_language(fields, "title"),
        tags=tuple(_tag(tag, code=code) for code, tag in fields.table("tags").tables()),
    )
    fields.check_nothing_left()
    _check_keys(book)
    _check_references(book)
    return book


def cue_from(untrusted: object, *, code: str, language: str) -> Cue:
    """Return one cue of a language, as it stands in a codebook.

    Raises:
        CodebookInvalid: Something is missing, unknown or impossible; the message names it.
    """
    return _cue(untrusted, f"tags.{code}.{language}.cues[1]", code=code, language=language)


def parse_questions(untrusted_text: str) -> tuple[GuideQuestion, ...]:
    """Return the questions written in a TOML text, in its order.

    Raises:
        CodebookInvalid: Something is missing, unknown or impossible; the message names it.
    """
    fields = Fields(_toml(untrusted_text), place="")
    questions = []
    for place, item in fields.items("themes"):
        theme = Fields(item, place=place)
        titles = _in_every_language(theme, "title")
        for question_place, question in theme.items("questions"):
            row = Fields(question, place=question_place)
            if not _QUESTION_ID.fullmatch(identity := row.text("id")):
                raise row.error("id", "an id such as P1.9 is needed")
            texts = tuple((language, row.text(language)) for language in LANGUAGES)
            row.check_nothing_left()
            questions.append(GuideQuestion(id=identity, themes=titles, texts=texts))
        theme.check_nothing_left()
    fields.check_nothing_left()
    return tuple(questions)


def _toml(untrusted_text: str) -> object:
    try:
        return tomllib.loads(untrusted_text)
    except tomllib.TOMLDecodeError as error:
        raise CodebookInvalid(place="the codebook", reason=f"not TOML: {error}") from error


def _in_every_language(fields: Fields, name: str) -> tuple[tuple[str, str], ...]:
    table = fields.table(name)
    texts = tuple((language, table.text(language)) for language in LANGUAGES)
    table.check_nothing_left()
    return texts


def _code(fields: Fields, name: str) -> str:
    if not _CODE.fullmatch(value := fields.text(name)):
        raise fields.error(name, "small letters, digits and _ only")
    return value


def _choice(fields: Fields, name: str, kind: type[Choice], *, default: Choice) -> Choice:
    try:
        return kind(fields.text(name, default=default.value))
    except ValueError as error:
        raise fields.error(name, f"one of {', '.join(kind)} is needed") from error


def _tag(fields: Fields, *, code: str) -> TagDefinition:
    if not _CODE.fullmatch(code):
        raise fields.error("", "a code has small letters, digits and _ only")
    speakers = fields.texts("speaker")
    if not speakers or not set(speakers) <= _SPEAKERS:
        raise fields.error("speaker", f"one or more of {', '.join(sorted(_SPEAKERS))}")
    if (key := fields.text("key", default="")) and key not in _DIGITS:
        raise fields.error("key", "one digit is needed")
    cues = [_cue(item, place, code=code) for place, item in fields.items("cues")]
    texts = []
    for language in LANGUAGES:
        table = fields.table(language)
        texts.append(_tag_text(table, language=language))
        for place, item in table.items("cues"):
            cues.append(_cue(item, place, code=code, language=language))
        table.check_nothing_left()
    tag = TagDefinition(
        code=code,
        serves=_question_ids(fields, "serves"),
        speakers=speakers,
        texts=tuple(texts),
        cues=tuple(cues),
        key=key,
        threshold=fields.share("threshold", default=0.5),
        severity=_choice(fields, "severity", Severity, default=Severity.NORMAL),
        unless=fields.texts("unless"),
        modifiers=_modifiers(fields, texts),
        retired=fields.is_set("retired"),
    )
    fields.check_nothing_left()
    return tag


def _question_ids(fields: Fields, name: str) -> tuple[str, ...]:
    values = fields.texts(name)
    if not values or not all(_QUESTION_ID.fullmatch(value) for value in values):
        raise fields.error(name, "one or more ids such as P1.9 are needed")
    return values


def _tag_text(fields: Fields, *, language: str) -> TagText:
    label = fields.text("label")
    return TagText(
        language=language,
        label=label,
        short=fields.text("short", default=label),
        description=fields.text("description"),
        counts=fields.text("counts"),
        does_not_count=fields.text("does_not_count"),
        examples=_examples(fields, "examples"),
        counterexamples=_examples(fields, "counterexamples"),
        modifiers=fields.texts("modifiers"),
    )


def _modifiers(fields: Fields, texts: Sequence[TagText]) -> tuple[str, ...]:
    codes = fields.texts("modifiers")
    if len({*codes}) != len(codes) or not all(_CODE.fullmatch(code) for code in codes):
        raise fields.error("modifiers", "each once, of small letters, digits and _ only")
    if any(len(text.modifiers) != len(codes) for text in texts):
        raise fields.error("modifiers", "each needs a name in every language")
    return codes


def _examples(fields: Fields, name: str) -> tuple[Example, ...]:
    examples = []
    for place, item in fields.items(name):
        if isinstance(item, str) and item:
            examples.append(Example(text=item))
            continue
        row = Fields(item, place=place)
        examples.append(Example(text=row.text("text"), before=row.text("before")))
        row.check_nothing_left()
    if len(examples) < _EXAMPLES_EACH_WAY:
        raise fields.error(name, f"{_EXAMPLES_EACH_WAY} or more are needed")
    return tuple(examples)


def _cue(untrusted: object, place: str, *, code: str, language: str = "") -> Cue:
    fields = Fields(untrusted, place=place)
    number = place.rpartition("[")[2].rstrip("]")
    cue = Cue(
        id=f"{code}.{language or 'any'}.{number}",
        weight=fields.share("w"),
        language=language,
        pattern=fields.text("p", default=""),
        question=_choice(fields, "q", QuestionCondition, default=QuestionCondition.ANY)
        if "q" in fields
        else None,
        echo=fields.share("echo", default=0.0),
        shared=fields.whole("shared", least=1) if "shared" in fields else 0,
        min_words=fields.whole("minw", least=0, default=0),
        max_words=fields.whole("maxw", least=1) if "maxw" in fields else None,
        position=_position(fields),
        silence_ms=fields.whole("silence_ms", least=1) if "silence_ms" in fields else 0,
        after=fields.text("after", default=""),
        within=_choice(fields, "in", Within, default=Within.SENTENCE),
    )
    fields.check_nothing_left()
    if cue == Cue(id=cue.id, weight=cue.weight, language=language):
        raise CodebookInvalid(place=place, reason="a pattern or a condition is needed")
    if cue.pattern and not language:
        raise fields.error("p", "words belong under a language")
    return cue


def _position(fields: Fields) -> tuple[float, float]:
    values = [item for _, item in fields.items("pos")]
    if not values:
        return (0.0, 1.0)
    match values:
        case [int() | float() as first, int() | float() as last] if 0 <= first < last <= 1:
            return (float(first), float(last))
    raise fields.error("pos", "two rising numbers from 0 to 1 are needed")


def _check_keys(book: Codebook) -> None:
    taken: dict[str, str] = {}
    for tag in book.in_use:
        if tag.key and (other := taken.setdefault(tag.key, tag.code)) != tag.code:
            raise CodebookInvalid(
                place=f"tags.{tag.code}.key", reason=f"{tag.key} already sets {other}"
            )


def _check_references(book: Codebook) -> None:
    codes = {tag.code for tag in book.tags}
    needs: dict[str, set[str]] = {}
    for tag in book.tags:
        needs[tag.code] = set(tag.unless) | {cue.after for cue in tag.cues if cue.after}
        if unknown := sorted(needs[tag.code] - codes):
            raise CodebookInvalid(
                place=f"tags.{tag.code}", reason=f"unless or after names no tag: {unknown[0]}"
            )
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        cycle: Iterable[str] = error.args[1]
        raise CodebookInvalid(
            place="tags", reason=f"unless or after go in a circle: {' - '.join(cycle)}"
        ) from error
