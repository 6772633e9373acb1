"""What reading text needs to know about a language: words, word order, phase cues.

The tables are ``languages/{da,sv,en}.toml``. What hearing needs is in ``pipeline.analysis``.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import snowballstemmer

from storage.codebooks.errors import LanguageUnknown
from storage.codebooks.matching.cues import Pattern, compile_pattern

_STEMMERS = {"da": "danish", "sv": "swedish", "en": "english"}


@dataclass(frozen=True, slots=True)
class PhaseCue:
    """Words with which a caseworker tends to open a phase; ``weight`` in nats before scaling."""

    id: str
    phase: str
    pattern: Pattern
    weight: float
    position: tuple[float, float]


@dataclass(frozen=True, slots=True)
class WordOrder:
    """How a language forms questions.

    Attributes:
        openers: Words before the clause proper: interjections and conjunctions.
        adverbs: Words that may stand before a question word but, before a verb, make a statement.
        open_words, closed_words: Question words by the answer they ask for.
        closed_phrases: Question phrases that ask for one fact.
        far_words: Question words with a noun or adjective between them and the verb.
        contracted: Question words that hold their verb ("what's").
        particles: Words allowed between a question word and its verb.
        finite: Verbs that may follow a question word.
        inverting: Verbs that may open a yes-no question.
        endings: Endings of finite verbs that are not listed.
        never_finite: Words with such an ending that are no verbs.
        subjects: Words that begin a subject; pronouns among them are also in ``pronouns``.
        subordinators: Words that begin a clause after which word order turns without asking.
        not_questions: Beginnings that only look like a question.
        invitations: Patterns that ask for a free answer without a question's form.
    """

    openers: frozenset[str]
    adverbs: frozenset[str]
    open_words: frozenset[str]
    closed_words: frozenset[str]
    closed_phrases: tuple[str, ...]
    far_words: frozenset[str]
    contracted: frozenset[str]
    particles: frozenset[str]
    finite: frozenset[str]
    inverting: frozenset[str]
    endings: tuple[str, ...]
    never_finite: frozenset[str]
    subjects: frozenset[str]
    pronouns: frozenset[str]
    subordinators: frozenset[str]
    not_questions: tuple[str, ...]
    invitations: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class TextLanguage:
    """One language as the text half of the analysis knows it."""

    code: str
    stem: Callable[[str], str]
    stop_words: frozenset[str]
    abbreviations: frozenset[str]
    joining: frozenset[str]
    order: WordOrder
    starters: frozenset[str]
    phase_cues: tuple[PhaseCue, ...]


@cache
def text_language(code: str) -> TextLanguage:
    """Return the tables of a language, read once.

    Raises:
        LanguageUnknown: There are no tables for that language.
    """
    if code not in _STEMMERS:
        raise LanguageUnknown
    stem = _stemmer(_STEMMERS[code])
    path = files(__package__).joinpath("languages", f"{code}.toml")
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return TextLanguage(
        code=code,
        stem=stem,
        stop_words=_words(table["stop_words"]),
        abbreviations=_words(table["abbreviations"]),
        joining=_words(table["joining"]),
        order=_word_order(table["questions"], stem=stem),
        starters=_words(table["phases"]["starters"]),
        phase_cues=tuple(
            PhaseCue(
                id=f"{cue['phase']}.{code}.{number}",
                phase=cue["phase"],
                pattern=compile_pattern(cue["p"], stem=stem),
                weight=cue["w"],
                position=tuple(cue.get("pos", (0.0, 1.0))),
            )
            for number, cue in enumerate(table["phases"]["cues"], start=1)
        ),
    )


def _word_order(table: dict[str, Any], *, stem: Callable[[str], str]) -> WordOrder:
    pronouns = _words(table["pronouns"])
    finite = _words(table["finite"])
    return WordOrder(
        openers=_words(table["openers"]),
        adverbs=_words(table["adverbs"]),
        open_words=_words(table["open_words"]),
        closed_words=_words(table["closed_words"]),
        closed_phrases=tuple(f"{phrase} " for phrase in table["closed_phrases"]),
        far_words=_words(table["far_words"]),
        contracted=_words(table["contracted"]),
        particles=_words(table["particles"]),
        finite=finite,
        inverting=_words(table["inverting"]) or finite,
        endings=tuple(table["endings"]),
        never_finite=_words(table["never_finite"]),
        subjects=pronouns | _words(table["determiners"]),
        pronouns=pronouns,
        subordinators=_words(table["subordinators"]),
        not_questions=tuple(f"{phrase} " for phrase in table["not_questions"]),
        invitations=tuple(compile_pattern(each, stem=stem) for each in table["invitations"]),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _stemmer(name: str) -> Callable[[str], str]:
    """Return a stemmer that remembers: the same few thousand words make up an hour of talk."""
    stem_word: Callable[[str], str] = snowballstemmer.stemmer(name).stemWord
    return lru_cache(maxsize=50_000)(stem_word)
