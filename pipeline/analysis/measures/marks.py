"""What follows from marks that people have confirmed. A machine's suggestions are never counted.

The keywords are those of the conversation codebook.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from pipeline.analysis.measures import ranges
from pipeline.analysis.measures.figures import (
    CASEWORKER,
    YOUTH,
    Figure,
    Measure,
    Moment,
    Needs,
    Quality,
    Range,
    Withheld,
    by_time,
    withheld,
)
from storage.records import Tag, Turn, Verdict

OPEN: Final = "open_question"
CLOSED: Final = "closed_question"
REFLECTION: Final = "reflection"
JARGON: Final = "jargon"
CODES: Final = frozenset({OPEN, CLOSED, REFLECTION, JARGON})
"""The keywords that any of these measures counts."""
_LEAST_MARKS: Final = 15
_LEAST_QUESTIONS: Final = 5
_LEAST_TERMS: Final = 5
_SHORT_ANSWER: Final = 4
_RUN: Final = 3
_PER_WORDS: Final = 1000


def confirmed(tags: Iterable[Tag], *codes: str) -> list[Tag]:
    """Return what people have set or confirmed of some keywords, by time."""
    found = [tag for tag in tags if tag.verdict is Verdict.CONFIRMED and tag.code in codes]
    return sorted(found, key=lambda tag: (tag.start_ms, tag.end_ms))


def open_questions(tags: tuple[Tag, ...], *, quality: Quality) -> Figure:
    """Return how many of the confirmed questions are open (m5).

    Formula: open / (open + closed); 0..1. Interval: Wilson. Source: open prompts as in Lamb, M. E.
    et al. (2007), Child Abuse & Neglect 31(11–12). Caveat: only what people have confirmed counts,
    so it hangs on how far they have come; a closed question can be the right one. Moments: all.
    """
    found = confirmed(tags, OPEN, CLOSED)
    why = quality.objection()
    if why is None and len(found) < _LEAST_MARKS:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.OPEN_QUESTIONS, why, n=len(found), needed=_LEAST_MARKS)
    return Figure(
        Measure.OPEN_QUESTIONS,
        ranges.share(sum(tag.code == OPEN for tag in found), of=len(found)),
        n=len(found),
        needed=_LEAST_MARKS,
        moments=_moments(found),
    )


def reflections(tags: tuple[Tag, ...], *, quality: Quality) -> Figure:
    """Return how many confirmed reflections there are for each confirmed question (m6).

    Formula: reflections / questions. Interval: Wilson's for the share of reflections among both,
    carried over to the ratio. Source: Moyers, T. B. et al. (2014), Manual for the MITI coding
    system 4.2.1. Caveat: that manual's coders are trained and its thresholds are for voluntary
    treatment of adults, so none of them is a mark to reach here. Moments: the reflections.
    """
    questions, mirrored = confirmed(tags, OPEN, CLOSED), confirmed(tags, REFLECTION)
    n = len(questions) + len(mirrored)
    why = quality.objection()
    if why is None and (n < _LEAST_MARKS or len(questions) < _LEAST_QUESTIONS):
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.REFLECTIONS, why, n=n, needed=_LEAST_MARKS)
    part = ranges.share(len(mirrored), of=n)
    low, high = part.low / (1 - part.low), part.high / (1 - part.high)
    return Figure(
        Measure.REFLECTIONS,
        Range(len(mirrored) / len(questions), low, high),
        n=n,
        needed=_LEAST_MARKS,
        moments=_moments(mirrored),
    )


def jargon(tags: tuple[Tag, ...], turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how often confirmed legal and professional terms fall (m9).

    Formula: 1000 × confirmed marks / words in the caseworker's turns. Interval: bootstrap over
    turns. Source: our own; no published norm. Caveat: whether a term was explained is for people
    to hear, and a right that goes unnamed is no gain. Moments: all of them.
    """
    own = [turn for turn in turns if turn.speaker == CASEWORKER]
    starts = [turn.start_ms for turn in own]
    per_turn = [0] * len(own)
    found = []
    for tag in confirmed(tags, JARGON):
        place = bisect_right(starts, tag.start_ms) - 1
        if place >= 0 and tag.start_ms < own[place].end_ms:
            per_turn[place] += 1
            found.append(tag)
    why = quality.objection(Needs.SPEAKERS)
    if why is None and len(found) < _LEAST_TERMS:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.JARGON, why, n=len(found), needed=_LEAST_TERMS)
    words = [len(turn.words) / _PER_WORDS for turn in own]
    return Figure(
        Measure.JARGON,
        ranges.ratio(per_turn, wholes=words),
        n=len(found),
        needed=_LEAST_TERMS,
        moments=_moments(found),
    )


def question_runs(tags: tuple[Tag, ...], turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how many confirmed questions stand in a row with others (m11).

    Formula: questions in rows of three and more / all; 0..1. A row goes on while the youth answers
    in four words at most and nobody else takes a turn without a question. Interval: Wilson.
    Source: our own, after the question–answer rows in Lamb, M. E. et al. (2007). Caveat: only
    confirmed questions count, and a turn not heard makes or breaks a row. Moments: the rows.
    """
    found = confirmed(tags, OPEN, CLOSED)
    why = quality.objection(Needs.SPEAKERS, Needs.TEXT)
    if why is None and len(found) < _LEAST_MARKS:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.QUESTION_RUNS, why, n=len(found), needed=_LEAST_MARKS)
    rows = [row for row in _rows(found, turns) if len(row) >= _RUN]
    return Figure(
        Measure.QUESTION_RUNS,
        ranges.share(sum(map(len, rows)), of=len(found)),
        n=len(found),
        needed=_LEAST_MARKS,
        moments=by_time([Moment(row[0].start_ms, row[-1].end_ms) for row in rows]),
    )


def _rows(questions: list[Tag], turns: tuple[Turn, ...]) -> list[list[Tag]]:
    """Return the questions in rows, each as long as nothing but short answers comes between."""
    rows: list[list[Tag]] = []
    waiting = list(questions)
    row: list[Tag] = []
    for turn in turns:
        asked = []
        while waiting and waiting[0].start_ms < turn.end_ms:
            asked.append(waiting.pop(0))
        broken = not asked if turn.speaker != YOUTH else len(turn.words) > _SHORT_ANSWER
        if broken:
            rows.append(row)
            row = []
        row.extend(asked)
    rows.append(row)
    return [row for row in rows if row]


def _moments(tags: Iterable[Tag]) -> tuple[Moment, ...]:
    return by_time([Moment(tag.start_ms, tag.end_ms) for tag in tags])
