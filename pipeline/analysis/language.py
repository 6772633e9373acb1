"""The language tables of analysis, read once. Not here: what they are used for.

``languages/{code}.toml`` holds what speech needs; what text needs is in
``storage.codebooks.matching``. A new language is a new file, never new code.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from storage.codebooks.errors import LanguageUnknown

_FOLDER = Path(__file__).with_name("languages")
_NOTHING = re.compile(r"(?!)")
_MARKS = re.compile(r"[^\w\s'-]")


@lru_cache
def language_table(code: str) -> Mapping[str, Any]:
    """Return one table as read.

    Raises:
        LanguageUnknown: There is no such file.
    """
    path = _FOLDER / f"{code}.toml"
    if not code.isalpha() or not path.is_file():
        raise LanguageUnknown(f"no table for language {code!r}")
    return tomllib.loads(path.read_text("utf-8"))


def known_languages() -> tuple[str, ...]:
    """Return the codes that have tables, in order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def spoken_form(text: str) -> str:
    """Return the text as it sounds: lower case, no punctuation, single spaces."""
    return " ".join(_MARKS.sub(" ", text.lower()).split())


@dataclass(frozen=True, slots=True)
class SpeechLanguage:
    """How people speak in one language.

    Word lists are patterns over ``spoken_form`` text; the two sets hold whole utterances.
    """

    code: str
    backchannels: frozenset[str]
    answers: frozenset[str]
    fillers: frozenset[str]
    address: re.Pattern[str]
    own: re.Pattern[str]
    third_person: re.Pattern[str]
    question_openers: re.Pattern[str]
    hedges: re.Pattern[str]
    leads: re.Pattern[str]
    parent: re.Pattern[str]
    credit_lines: re.Pattern[str]


@lru_cache
def speech_language(code: str) -> SpeechLanguage:
    """Return the speech table of one language, compiled.

    Raises:
        LanguageUnknown: There is no such language.
    """
    table: Mapping[str, Sequence[str]] = language_table(code)["speech"]
    return SpeechLanguage(
        code=code,
        backchannels=frozenset(table["backchannels"]),
        answers=frozenset(table["answers"]),
        fillers=frozenset(table["fillers"]),
        address=_any_of(table["address"]),
        own=_any_of(table["self"]),
        third_person=_any_of(table["third_person"]),
        question_openers=_any_of(table["question_openers"], start=True),
        hedges=_any_of(table["hedges"]),
        leads=_any_of(table["leads"]),
        parent=_any_of(table["parent"]),
        credit_lines=_any_of(table["credit_lines"], start=True, end=True),
    )


def _any_of(phrases: Sequence[str], *, start: bool = False, end: bool = False) -> re.Pattern[str]:
    """Return a pattern for any of the phrases: anywhere, at the start, or the whole text."""
    if not phrases:
        return _NOTHING
    choices = "|".join(
        re.escape(phrase).replace(r"\*", r".*" if end else r"\w*") for phrase in phrases
    )
    opening = "^" if start else r"(?<![\w'])"
    closing = "$" if end else r"(?![\w'])"
    return re.compile(f"{opening}(?:{choices}){closing}")
