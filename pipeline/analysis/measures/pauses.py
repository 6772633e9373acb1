"""What happens between turns: how long until someone answers, and who is left a silence."""

from collections.abc import Iterator
from typing import Final, NamedTuple

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
from storage.records import Turn, TurnKind

_SILENCE_MS: Final = 3_000
"""Rowe's wait time."""
_LEAST_PAUSES: Final = 10
_LEAST_SILENCES: Final = 5
_SHOWN: Final = 5


class _Pause(NamedTuple):
    """From the end of one turn to the start of the next; negative where they overlap."""

    before: str
    after: str
    start_ms: int
    end_ms: int
    quiet_from_ms: int
    """Where the last sound ends, backchannels included."""


def pause_before(speaker: str, turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how long it takes until one of the two goes on after the other (m3).

    Formula: median of start of the turn − end of the other's turn before it, in seconds; below
    zero where they overlap. Interval: bootstrap over the pauses. Source: floor-transfer offset,
    Heldner, M. & Edlund, J. (2010), Journal of Phonetics 38; Danish people answer after 0.47 s
    on average, others after 0.2 s: Stivers, T. et al. (2009), PNAS 106(26). Caveat: a
    recognizer's times are coarse, which moves it by one to two tenths, so there is a median
    and no single pause is a finding. Moments: the longest.
    """
    measure = Measure.PAUSE_BEFORE_YOUTH if speaker == YOUTH else Measure.PAUSE_BEFORE_CASEWORKER
    other = CASEWORKER if speaker == YOUTH else YOUTH
    found = [p for p in _pauses(turns) if (p.before, p.after) == (other, speaker)]
    why = quality.objection(Needs.SPEAKERS)
    if why is None and len(found) < _LEAST_PAUSES:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(measure, why, n=len(found), needed=_LEAST_PAUSES)
    longest = sorted(found, key=lambda pause: pause.end_ms - pause.start_ms, reverse=True)
    return Figure(
        measure,
        ranges.median([(pause.end_ms - pause.start_ms) / 1000 for pause in found]),
        n=len(found),
        needed=_LEAST_PAUSES,
        moments=by_time([Moment(p.start_ms, p.end_ms) for p in longest[:_SHOWN]]),
    )


def silence_left(turns: tuple[Turn, ...], *, quality: Quality) -> Figure:
    """Return how often a silence is left until the youth speaks (m4).

    Formula: silences over 3 s after which the youth speaks / all silences over 3 s before the
    youth or the caseworker; 0..1. Interval: Wilson. Source: wait time, Rowe, M. B. (1986),
    Journal of Teacher Education 37(1). Caveat: a silence can be rest or distress, which nobody
    can hear in its length. Moments: all of them.
    """
    found = [
        pause
        for pause in _pauses(turns)
        if pause.end_ms - pause.quiet_from_ms > _SILENCE_MS and pause.after in {CASEWORKER, YOUTH}
    ]
    why = quality.objection(Needs.SPEAKERS)
    if why is None and len(found) < _LEAST_SILENCES:
        why = Withheld.TOO_FEW
    if why is not None:
        return withheld(Measure.SILENCE_LEFT, why, n=len(found), needed=_LEAST_SILENCES)
    theirs = sum(pause.after == YOUTH for pause in found)
    return Figure(
        Measure.SILENCE_LEFT,
        ranges.share(theirs, of=len(found)),
        n=len(found),
        needed=_LEAST_SILENCES,
        moments=by_time([Moment(p.quiet_from_ms, p.end_ms) for p in found]),
    )


def _pauses(turns: tuple[Turn, ...]) -> Iterator[_Pause]:
    """Yield what lies between turns; a backchannel is no turn, and breaks a silence."""
    before: Turn | None = None
    quiet_from_ms = 0
    for turn in sorted(turns, key=lambda each: each.start_ms):
        if turn.kind is TurnKind.TURN and before is not None and turn.speaker != UNKNOWN:
            yield _Pause(before.speaker, turn.speaker, before.end_ms, turn.start_ms, quiet_from_ms)
        if turn.kind is TurnKind.TURN:
            before = turn
        quiet_from_ms = max(quiet_from_ms, turn.end_ms)
