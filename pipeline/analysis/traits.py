"""Turns as the learner sees them: hashed pieces of words, the words beside, and a few figures.

Of the turns before and after a turn sees whole words and word fields: of the nearest by
themselves, of those further off together (``decisions/0011``, ``decisions/0014``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, log1p

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack, vstack

from pipeline.analysis.language import spoken_form
from pipeline.analysis.pieces import BUCKETS, pieces_of, words_of
from storage.codebooks.matching.questions import QuestionForm
from storage.codebooks.matching.reading import Reading
from storage.codebooks.matching.text_language import TextLanguage, text_language
from storage.dialogues.guide import Label
from storage.records import Turn

LAYOUT = "4"
"""Raise when a trait's place or meaning changes: what sites have learned is then learned anew."""
_SPEAKERS = ("caseworker", "youth", "parent", "other")
_CASEWORKER = _SPEAKERS[0]
_EDGES = (0.05, 0.12)
_LONG_WORDS = (30, 40, 60)
_SHORT_WORDS = (2, 3)
_HEARD_TURNS, _HEARD_REACH = 3, 6
_FURTHER_OFF = dict(zip(range(2, 9), np.linspace(0.5, 0.2, 7).tolist(), strict=True))
"""How much a turn so many turns away counts, beside the nearest."""
_BEFORE = (Label.OPEN_QUESTION, Label.JARGON, Label.DISCLOSURE)

Values = NDArray[np.float64]
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
    """Return one row of traits for every turn, shape (turns, PIECES + figures + beside).

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
    forms = [[*_form(wholes, places.get(at), text=turn.text)] for at, turn in enumerate(turns)]
    figures = np.hstack(
        [
            np.array([[*_surroundings(said, at)] for at in range(len(said))], np.float64),
            np.array(forms, np.float64),
            _by_rules(turns, ruled),
            np.array([[*_echo(said, at, spread=spread, first=first)] for at in range(len(said))]),
        ]
    )
    heard = [(turn.speaker, turn.text) for turn in turns]
    pieces = pieces_of(heard, language=language)
    beside = csr_array(hstack([words_of(heard), pieces[:, BUCKETS:]]))
    nearest = (_before(beside), _after(beside))
    further = (_further_off(beside, step=-1), _further_off(beside, step=1))
    return csr_array(hstack([pieces, csr_array(figures), *nearest, *further]))


def _before(rows: csr_array) -> csr_array:
    """Return the row before each row; before the first there is nothing."""
    return csr_array(vstack([csr_array((1, rows.shape[1])), rows[:-1]]))


def _after(rows: csr_array) -> csr_array:
    """Return the row after each row; after the last there is nothing."""
    return csr_array(vstack([rows[1:], csr_array((1, rows.shape[1]))]))


def _further_off(rows: csr_array, *, step: int) -> csr_array:
    """Return for each row those before (-1) or after (1) the nearest: the further, the less."""
    count = rows.shape[0]
    counts = {step * away: much for away, much in _FURTHER_OFF.items() if away < count}
    if not counts:
        return csr_array(rows.shape)
    both = diags_array([*counts.values()], offsets=[*counts], shape=(count, count))
    return csr_array(both @ rows)


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


def _by_rules(turns: Sequence[Turn], ruled: Confidences) -> Values:
    """Return how sure the rules are of each label in each turn, and of some just before."""
    rows = {turn.index: row for row, turn in enumerate(turns)}
    columns = {label: column for column, label in enumerate(Label)}
    here = np.zeros((len(turns), len(columns)))
    for (turn, label), confidence in ruled.items():
        here[rows[turn], columns[label]] = confidence
    before = np.vstack([np.zeros(len(columns)), here[:-1]])
    return np.hstack([here, before[:, [columns[label] for label in _BEFORE]]])


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
