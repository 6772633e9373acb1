"""Who has the floor: shares of the talk, long turns, tempo.

Backchannels are left out, and so is how often the speaker changes: a recognizer melts a third
and more of the short turns together.
"""

from collections.abc import Collection
from itertools import pairwise
from typing import Final

from pipeline.analysis.measures import ranges
from pipeline.analysis.measures.figures import (
    CASEWORKER,
    UNKNOWN,
    YOUTH,
    Figure,
    Measure,
    Moment,
    Needs,
    Quality,
    Withheld,
    by_time,
    withheld,
)
from storage.records import Turn

_STRETCH_MS: Final = 30_000
"""Half a minute: turns beside each other are alike, so whole stretches are drawn, not turns."""
_LONG_TURN_MS: Final = 60_000
_LEAST_STRETCHES: Final = 10
_LEAST_OWN_TURNS: Final = 10
_LEAST_PEOPLE: Final = 3
_SHOWN: Final = 5


def talk_share(turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how much of the speaking time is the caseworker's (m1).

    Formula: milliseconds in the caseworker's turns / milliseconds in everybody's turns; 0..1.
    Interval: bootstrap over half-minutes. Source: Flanders, N. (1970), Analyzing teaching
    behavior; time instead of his counts. Caveat: says nothing of whose subject it was; with one
    microphone and unchecked speakers it is off by a tenth, so it is withheld where speakers are
    doubtful. Moments: the caseworker's longest turns.
    """
    return _share_of(CASEWORKER, Measure.TALK_SHARE, turns, quality=quality)


def youth_share(turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how much of the speaking time is the youth's where three or more speak (m12).

    Formula: milliseconds in the youth's turns / milliseconds in everybody's; 0..1. Interval:
    bootstrap over half-minutes. Source: equality of participation after Carletta, J., Garrod,
    S. & Fraser-Krauss, H. (1998), Small Group Research 29(5); a share instead of an index, for
    it can be read. Caveat: who is hard to tell apart by voice is hard to count. Moments: the
    youth's longest silences.
    """
    people = {turn.speaker for turn in turns} - {UNKNOWN}
    if len(people) < _LEAST_PEOPLE and not quality.objection():
        return withheld(Measure.YOUTH_SHARE, Withheld.ONLY_TWO, n=len(people), needed=_LEAST_PEOPLE)
    figure = _share_of(YOUTH, Measure.YOUTH_SHARE, turns, quality=quality)
    if figure.range is None:
        return figure
    own = [turn for turn in turns if turn.speaker == YOUTH]
    silences = [
        Moment(before.end_ms, after.start_ms)
        for before, after in pairwise(own)
        if after.start_ms > before.end_ms
    ]
    return Figure(figure.measure, figure.range, figure.n, figure.needed, moments=_longest(silences))


def tempo(turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how fast the caseworker speaks (m1).

    Formula: words in the caseworker's turns / minutes in them; words a minute. Interval:
    bootstrap over turns. Source: speech rate as in Goldman-Eisler, F. (1968), Psycholinguistics;
    pauses within a turn count. Caveat: a recognizer's words make it some six percent wrong, so
    it compares with the same person only. Moments: the fastest turns of ten words and more.
    """
    own = [turn for turn in turns if turn.speaker == CASEWORKER and turn.end_ms > turn.start_ms]
    why = quality.objection(Needs.SPEAKERS, Needs.TEXT) or _silent(turns)
    if why is None and len(own) < _LEAST_OWN_TURNS:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.TEMPO, why, n=len(own), needed=_LEAST_OWN_TURNS)
    minutes = [(turn.end_ms - turn.start_ms) / 60_000 for turn in own]
    fastest = sorted(
        (turn for turn in own if len(turn.words) >= _LEAST_OWN_TURNS),
        key=lambda turn: len(turn.words) / (turn.end_ms - turn.start_ms),
        reverse=True,
    )
    return Figure(
        Measure.TEMPO,
        ranges.ratio([len(turn.words) for turn in own], wholes=minutes),
        n=len(own),
        needed=_LEAST_OWN_TURNS,
        moments=by_time([_moment(turn) for turn in fastest[:_SHOWN]]),
    )


def long_turns(turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how much of the caseworker's time goes in turns of more than a minute (m2).

    Formula: milliseconds in the caseworker's turns over 60 s / milliseconds in all of theirs;
    0..1. Interval: bootstrap over turns. Source: our own threshold; no published norm. Caveat:
    a short answer that was not recognized makes two turns one long turn, so look at the turns
    themselves. Moments: those turns.
    """
    own = [turn for turn in turns if turn.speaker == CASEWORKER]
    why = quality.objection(Needs.SPEAKERS) or _silent(turns)
    if why is None and len(own) < _LEAST_OWN_TURNS:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.LONG_TURNS, why, n=len(own), needed=_LEAST_OWN_TURNS)
    lengths = [turn.end_ms - turn.start_ms for turn in own]
    long = [length if length > _LONG_TURN_MS else 0 for length in lengths]
    return Figure(
        Measure.LONG_TURNS,
        ranges.ratio(long, wholes=lengths),
        n=len(own),
        needed=_LEAST_OWN_TURNS,
        moments=by_time([_moment(turn) for turn in own if _length(turn) > _LONG_TURN_MS]),
    )


def _share_of(
    speaker: str, measure: Measure, turns: tuple[Turn, ...], *, quality: Quality
) -> Figure:
    stretches = _stretches(turns, of={speaker})
    why = quality.objection(Needs.SPEAKERS) or _silent(turns)
    if why is None and len(stretches) < _LEAST_STRETCHES:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(measure, why, n=len(stretches), needed=_LEAST_STRETCHES)
    own = [Moment(turn.start_ms, turn.end_ms) for turn in turns if turn.speaker == speaker]
    return Figure(
        measure,
        ranges.ratio([part for part, _ in stretches], wholes=[whole for _, whole in stretches]),
        n=len(stretches),
        needed=_LEAST_STRETCHES,
        moments=_longest(own),
    )


def _stretches(turns: tuple[Turn, ...], *, of: Collection[str]) -> list[tuple[int, int]]:
    """Return for every half-minute with talk how much of it is theirs, and how much there is."""
    found: dict[int, list[int]] = {}
    for turn in turns:
        if turn.speaker == UNKNOWN:
            continue
        for place in range(turn.start_ms // _STRETCH_MS, -(-turn.end_ms // _STRETCH_MS)):
            start = max(turn.start_ms, place * _STRETCH_MS)
            length = min(turn.end_ms, (place + 1) * _STRETCH_MS) - start
            both = found.setdefault(place, [0, 0])
            both[0] += length if turn.speaker in of else 0
            both[1] += length
    return [(part, whole) for _, (part, whole) in sorted(found.items()) if whole]


def _silent(turns: tuple[Turn, ...]) -> Withheld | None:
    """Return an objection where one of the two is not heard: a share would be no share."""
    speakers = {turn.speaker for turn in turns}
    return None if {CASEWORKER, YOUTH} <= speakers else Withheld.ONE_IS_SILENT


def _length(turn: Turn) -> int:
    return turn.end_ms - turn.start_ms


def _moment(turn: Turn) -> Moment:
    return Moment(turn.start_ms, turn.end_ms)


def _longest(moments: list[Moment]) -> tuple[Moment, ...]:
    longest = sorted(moments, key=lambda each: each.end_ms - each.start_ms, reverse=True)
    return by_time(longest[:_SHOWN])
