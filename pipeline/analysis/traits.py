"""Turns as the learner sees them: hashed pieces of words, and a few figures about the place.

No vocabulary is kept. A piece of a word is known only by one of 65,536 numbers that it shares
with others, so no words can be read back out of what was learned; beside them stands which fields
the words belong to.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log, log1p

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from pipeline.analysis.language import spoken_form
from pipeline.analysis.word_fields import fields_of_language, word_fields
from storage.codebooks.matching.questions import QuestionForm
from storage.codebooks.matching.reading import Reading
from storage.codebooks.matching.text_language import TextLanguage, text_language
from storage.dialogues.guide import Label
from storage.records import Turn

LAYOUT = "2"
"""Raise when a trait's place or meaning changes: what sites have learned is then learned anew."""
BUCKETS = 1 << 16
PIECES = BUCKETS + 2 * len(word_fields())
"""Pieces of words, then fields as the caseworker and as the others speak of them."""
_LENGTHS = range(2, 6)
_WORDS_IN_A_ROW = (1, 2, 3)
_GRAM_SCALE = 2.0
_FIELD_SCALE = 0.3
"""Chosen on dialogues set aside: fields count less than pieces of words, and help all the same."""
_SPEAKERS = ("caseworker", "youth", "parent", "other")
_CASEWORKER = _SPEAKERS[0]
_EDGES = (0.05, 0.12)
_LONG_WORDS = (30, 40, 60)
_SHORT_WORDS = (2, 3)
_HEARD_TURNS, _HEARD_REACH = 3, 6
_BEFORE = (Label.OPEN_QUESTION, Label.JARGON, Label.DISCLOSURE)
_PRIME, _MIX = np.uint64(0x100000001B3), np.uint64(0xBF58476D1CE4E5B9)

Confidences = Mapping[tuple[int, Label], float]
"""For a ``Turn.index`` and a label how sure the rules are."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One turn's words, and their stems that carry content."""

    speaker: str
    tokens: tuple[str, ...]
    stems: frozenset[str]


def traits_of(
    turns: Sequence[Turn], ruled: Confidences, *, wholes: Reading, language: str
) -> csr_array:
    """Return one row of traits for every turn, shape (turns, PIECES + figures).

    Args:
        turns: The conversation in order of time.
        ruled: What the rules suggest for it; absent means nothing.
        wholes: The conversation read by turns.
        language: The language spoken.
    """
    table = text_language(language)
    said = [_said(turn, language=table) for turn in turns]
    spread = Counter(token for each in said for token in set(each.tokens))
    first: dict[str, int] = {}
    for at, each in enumerate(said):
        if each.speaker != _CASEWORKER:
            for stem in each.stems:
                first.setdefault(stem, at)
    places = {passage.turn: place for place, passage in enumerate(wholes.passages)}
    figures = [
        [
            *_surroundings(said, at),
            *_form(wholes, places.get(at), text=turn.text),
            *_by_rules(turns, at, ruled),
            *_echo(said, at, spread=spread, first=first),
        ]
        for at, turn in enumerate(turns)
    ]
    pieces = pieces_of([(turn.speaker, turn.text) for turn in turns], language=language)
    return csr_array(hstack([pieces, csr_array(np.array(figures, np.float64))]))


def pieces_of(said: Sequence[tuple[str, str]], *, language: str) -> csr_array:
    """Return how often pieces of words and word fields occur in what was said, shape (n, PIECES).

    Pieces are two to five letters in a row, across spaces too, and one to three words in a row.
    Rare repeats count for little (1 + log n), and every row of pieces has the same length. The
    same words of a caseworker and of somebody else are different pieces.

    Args:
        said: Pairs of speaker and text.
        language: The language spoken.
    """
    lines = [spoken_form(text) for _, text in said]
    by_others = np.array([speaker != _CASEWORKER for speaker, _ in said], np.bool_)
    rows, numbers = (
        np.concatenate(parts) for parts in zip(*chain(_pieces(lines), _runs(lines)), strict=True)
    )
    numbers = _mixed(numbers)
    theirs = by_others[rows]
    numbers[theirs] = _mixed(numbers[theirs] + np.uint64(1))
    at = (rows, (numbers % np.uint64(BUCKETS)).astype(np.intp))
    counts = csr_array((np.ones(len(rows)), at), shape=(len(said), BUCKETS))
    counts.sum_duplicates()
    counts.data = 1 + np.log(counts.data)
    lengths = np.sqrt(counts.multiply(counts).sum(axis=1))
    pieces = csr_array(diags_array(_GRAM_SCALE / np.maximum(lengths, 1)) @ counts)
    return csr_array(hstack([pieces, _fields(lines, by_others, language=language)]))


def fields_in(pieces: csr_array) -> csr_array:
    """Return in which rows of pieces each word field occurs, whoever speaks: ones."""
    count = len(word_fields())
    either = pieces[:, BUCKETS : BUCKETS + count] + pieces[:, BUCKETS + count :]
    either.data[:] = 1
    return csr_array(either)


def _fields(lines: Sequence[str], by_others: NDArray[np.bool_], *, language: str) -> csr_array:
    """Return how often word fields occur, the caseworker's before those of the others."""
    counts = fields_of_language(language).found_in(lines)
    counts.data = _FIELD_SCALE * (1 + np.log(counts.data))
    whose = (~by_others, by_others)
    return csr_array(hstack([diags_array(each.astype(float)) @ counts for each in whose]))


def _pieces(lines: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield the rows and numbers of all letters in a row, for each length at once."""
    padded = [f" {line} " for line in lines]
    letters = np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(lines)), [len(line) for line in padded])
    return _joined(letters, rows, _LENGTHS)


def _runs(lines: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield the rows and numbers of all words in a row; a line has a beginning and an end."""
    words = [["^", *line.split(), "$"] for line in lines]
    known = {word: zlib.crc32(word.encode()) for line in words for word in line}
    numbers = np.array([known[word] for line in words for word in line], np.uint64)
    rows = np.repeat(np.arange(len(lines)), [len(line) for line in words])
    return _joined(numbers << np.uint64(24), rows, _WORDS_IN_A_ROW)


def _joined(
    parts: NDArray[np.uint64], rows: NDArray[np.intp], lengths: Iterable[int]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield rows and numbers of every so many parts that follow each other in one row."""
    for length in lengths:
        count = max(0, len(parts) - length + 1)
        number = np.full(count, length, np.uint64)
        for offset in range(length):
            number = number * _PRIME ^ parts[offset : offset + count]
        whole = rows[:count] == rows[len(rows) - count :]
        yield rows[:count][whole], number[whole]


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers whose low bits depend on all bits. Python's own hash is salted."""
    mixed = (numbers ^ (numbers >> np.uint64(29))) * _MIX
    return mixed ^ (mixed >> np.uint64(32))


def _said(turn: Turn, *, language: TextLanguage) -> _Said:
    tokens = tuple(spoken_form(turn.text).split())
    content = (each for each in tokens if len(each) > 2 and each not in language.stop_words)  # noqa: PLR2004 - as content_stems
    return _Said(turn.speaker, tokens, frozenset(map(language.stem, content)))


def _surroundings(said: Sequence[_Said], at: int) -> Iterator[float]:
    """Yield who speaks, who spoke before, how long, and where in the conversation."""
    own, before = said[at], said[at - 1] if at else None
    after = said[at + 1] if at + 1 < len(said) else None
    words, place = len(own.tokens), at / max(1, len(said) - 1)
    yield from (own.speaker == each for each in _SPEAKERS)
    yield from (before is not None and before.speaker == each for each in _SPEAKERS)
    yield before is None
    yield log1p(words) / 3
    yield log1p(len(before.tokens)) / 3 if before else 0.0
    yield log1p(len(after.tokens)) / 3 if after else 0.0
    yield after is not None and after.speaker == own.speaker
    yield from (words > least for least in _LONG_WORDS)
    yield from (words <= most for most in _SHORT_WORDS)
    yield place
    yield from (place < edge for edge in _EDGES)
    yield from (place > 1 - edge for edge in _EDGES)


def _form(wholes: Reading, place: int | None, *, text: str) -> Iterator[float]:
    """Yield the forms of question, and how much is taken up from the others."""
    forms = wholes.forms(place) if place is not None else frozenset()
    shared, echo = wholes.taken_up(place) if place is not None else (0, 0.0)
    yield "?" in text
    yield QuestionForm.OPEN in forms
    yield QuestionForm.CLOSED in forms
    yield bool(forms)
    yield from (shared > least for least in range(_HEARD_TURNS))
    yield echo


def _by_rules(turns: Sequence[Turn], at: int, ruled: Confidences) -> Iterator[float]:
    """Yield how sure the rules are of each label here, and of some just before."""
    yield from (ruled.get((turns[at].index, label), 0.0) for label in Label)
    before = turns[at - 1].index if at else -1
    yield from (ruled.get((before, label), 0.0) for label in _BEFORE)


def _echo(
    said: Sequence[_Said], at: int, *, spread: Mapping[str, int], first: Mapping[str, int]
) -> Iterator[float]:
    """Yield how much of it the others, not the caseworker, have said before, and how rare."""
    own = said[at]
    heard = [
        other
        for other in said[max(0, at - _HEARD_REACH) : at]
        if other.speaker not in {own.speaker, _CASEWORKER}
    ][-_HEARD_TURNS:]
    last = heard[-1] if heard else _Said("", (), frozenset())
    lately = {token for other in heard for token in other.tokens}
    stems_lately = frozenset[str]().union(*(other.stems for other in heard))
    rarity = {token: log(len(said) / spread[token]) for token in own.tokens}  # in a fixed order
    lastly = {*last.tokens}
    repeated = [worth for token, worth in rarity.items() if token in lastly]
    pairs = {*zip(own.tokens, own.tokens[1:], strict=False)}
    pairs &= {*zip(last.tokens, last.tokens[1:], strict=False)}
    count = max(1, len(own.stems))
    yield max(repeated, default=0.0) / 4
    yield sum(repeated) / 8
    yield max((rarity[token] for token in rarity.keys() & lately), default=0.0) / 4
    yield len(pairs) / 3
    yield len(own.stems & last.stems) / count
    yield len(own.stems & last.stems) / max(1, len(last.stems))
    yield len(own.stems & stems_lately) / count
    known = sum(first.get(stem, at) < at for stem in own.stems)
    yield known / count
    yield known / 5
