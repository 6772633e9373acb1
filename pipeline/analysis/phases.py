"""Suggest where a new phase of the conversation begins, and which.

The caseworker opens phases, and says so: cue phrases, a pause, a "well then". That carries the
segmentation. How well the words hold together inside a stretch only tips the scale (weight 0.1),
because by itself it is no better than chance on conversations of this size.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.analysis.cohesion import Cohesion
from pipeline.analysis.sentences import Passage, content_stems, sentences_of, whole_turn
from pipeline.analysis.text_language import PhaseCue, TextLanguage, text_language
from storage.records import Turn, TurnKind

_CASEWORKER = "caseworker"
_SHORTEST_TURNS = 3
_BASE = -3.5
_CASEWORKER_SPEAKS = 1.5
_CUE_SCALE = 1.6
_STARTER = 1.9
_PAUSE = 1.5
_LONG_PAUSE_MS = 2_000
_COHESION_WEIGHT = 0.1
_NEVER = float("inf")


class Phase(StrEnum):
    """Stretches that most conversations with a caseworker are made of."""

    OPENING = "opening"
    AGENDA = "agenda"
    RIGHTS = "rights"
    TOPIC = "topic"
    DECISION = "decision"
    SUMMARY = "summary"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class PhaseSuggestion:
    """A stretch of the conversation.

    Attributes:
        reason: Id of the cue that opens it, or ``start``, ``starter``, ``pause``, ``words``.
        first_turn: ``Turn.index`` of the turn with which it begins.
    """

    phase: Phase
    start_ms: int
    end_ms: int
    reason: str
    first_turn: int


@dataclass(frozen=True, slots=True)
class _Opening:
    """What speaks for a phase beginning with a turn; ``worth`` in nats."""

    worth: float
    reason: str
    phase: Phase | None


def suggest_phases(
    turns: Sequence[Turn], *, language: str, duration_ms: int | None = None
) -> tuple[PhaseSuggestion, ...]:
    """Return phases that tile the recording from 0 to its end; none if nobody speaks.

    Args:
        turns: The conversation in order of time.
        language: The language spoken.
        duration_ms: The recording's length; otherwise it ends with the last turn.

    Raises:
        LanguageUnknown: There are no tables for that language.
    """
    spoken = [turn for turn in turns if turn.kind is TurnKind.TURN]
    if not spoken:
        return ()
    tables = text_language(language)
    passages = [_passage(turn, at=at, language=tables) for at, turn in enumerate(spoken)]
    openings = {
        at: _opening(spoken, passages, at, language=tables)
        for at, turn in enumerate(spoken)
        if at == 0 or (turn.speaker == _CASEWORKER and turn.start_ms > spoken[at - 1].start_ms)
    }
    cohesion = Cohesion([_stems(passage, language=tables) for passage in passages])
    starts = best_starts(
        len(spoken), {at: opening.worth for at, opening in openings.items()}, cohesion
    )
    labeled = _merged([_labeled(at, openings[at]) for at in starts])
    end_ms = max(duration_ms or 0, *(turn.end_ms for turn in spoken))
    bounds = [0, *(spoken[at].start_ms for at, _, _ in labeled[1:]), end_ms]
    return tuple(
        PhaseSuggestion(
            phase=phase,
            start_ms=bounds[number],
            end_ms=bounds[number + 1],
            reason=reason,
            first_turn=spoken[at].index,
        )
        for number, (at, phase, reason) in enumerate(labeled)
    )


def best_starts(count: int, worth: Mapping[int, float], cohesion: Cohesion) -> list[int]:
    """Return the cheapest way to cut a sequence of turns; exact, by dynamic programming.

    Args:
        count: How many turns there are.
        worth: What a cut before a turn is worth, for turns where one is allowed. Turn 0 must
            be among them and costs nothing.
        cohesion: What a stretch of turns costs by its words.
    """
    best = [_NEVER] * (count + 1)
    best[0] = 0.0
    came_from = [0] * (count + 1)
    ends = sorted(at for at in worth if at)
    for start in sorted(worth):
        if best[start] == _NEVER:
            continue
        costs = cohesion.costs_from(start)
        for end in (*ends, count):
            if end - start < _SHORTEST_TURNS and not (start == 0 and end == count):
                continue
            gain = worth[end] if end < count else 0.0
            cost = best[start] + _COHESION_WEIGHT * costs[end - start] - gain
            if cost < best[end]:
                best[end], came_from[end] = cost, start
    starts = [count]
    while starts[-1]:
        starts.append(came_from[starts[-1]])
    return starts[:0:-1]


def _passage(turn: Turn, *, at: int, language: TextLanguage) -> Passage | None:
    sentences = sentences_of(turn, at=at, language=language)
    return whole_turn(sentences) if sentences else None


def _stems(passage: Passage | None, *, language: TextLanguage) -> list[str]:
    if passage is None:
        return []
    content = content_stems(passage, language=language)
    return [stem for stem in passage.stems if stem in content]


def _opening(
    turns: Sequence[Turn], passages: Sequence[Passage | None], at: int, *, language: TextLanguage
) -> _Opening:
    passage = passages[at]
    if passage is None:
        return _Opening(worth=_BASE, reason="words", phase=None)
    worth = _BASE + _CASEWORKER_SPEAKS
    reason, phase = "words", None
    if at and turns[at].start_ms - turns[at - 1].end_ms > _LONG_PAUSE_MS:
        worth, reason = worth + _PAUSE, "pause"
    if passage.tokens[0] in language.starters and 1 in passage.clauses:
        worth, reason = worth + _STARTER, "starter"
    if cue := _strongest_cue(passage, at / max(1, len(turns) - 1), language=language):
        worth, reason, phase = worth + _CUE_SCALE * cue.weight, cue.id, Phase(cue.phase)
    if at and turns[at - 1].speaker == turns[at].speaker:
        worth -= 1.0
    if len(content_stems(passage, language=language)) < 2:  # noqa: PLR2004 - one word opens little
        worth -= 1.0
    return _Opening(worth=worth, reason=reason, phase=phase)


def _strongest_cue(passage: Passage, position: float, *, language: TextLanguage) -> PhaseCue | None:
    """Return the weightiest phase cue; of several phases, the one with most weight in all."""
    found = [
        cue
        for cue in language.phase_cues
        if cue.position[0] <= position <= cue.position[1] and passage.search(cue.pattern)
    ]
    if not found:
        return None
    totals: defaultdict[str, float] = defaultdict(float)
    for cue in found:
        totals[cue.phase] += cue.weight
    return max(found, key=lambda cue: (cue.phase != Phase.TOPIC, totals[cue.phase], cue.weight))


def _labeled(at: int, opening: _Opening) -> tuple[int, Phase, str]:
    if opening.phase is not None:
        return at, opening.phase, opening.reason
    return (at, Phase.TOPIC, opening.reason) if at else (at, Phase.OPENING, "start")


def _merged(labeled: Sequence[tuple[int, Phase, str]]) -> list[tuple[int, Phase, str]]:
    """Join neighbors of one phase. Topics stay apart: one topic ends where another begins."""
    merged: list[tuple[int, Phase, str]] = []
    for item in labeled:
        if merged and merged[-1][1] is item[1] is not Phase.TOPIC:
            continue
        merged.append(item)
    return merged
