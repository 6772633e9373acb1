"""Suggest where a new phase of the conversation begins, and which.

Where to cut is learned from labeled dialogues; why, as people are told, are the rules' cues.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from pipeline.analysis.evidence import Evidence
from pipeline.analysis.learner import Learned
from pipeline.analysis.phase_cutting import cut
from pipeline.analysis.phase_model import TELLING, LearnedPhases, Signs, Values, figures_of
from pipeline.analysis.phase_openings import Opening, openings_of
from pipeline.analysis.pieces import PIECES, fields_in
from storage.codebooks.matching.sentences import content_stems
from storage.codebooks.matching.text_language import text_language
from storage.dialogues.guide import Theme
from storage.records import Phase, Turn, TurnKind

_NEAR_TURNS = 2
_OF_THEMES = {
    Theme.OPENING: Phase.OPENING,
    Theme.AGENDA: Phase.AGENDA,
    Theme.RIGHTS: Phase.RIGHTS,
    Theme.DECISION: Phase.DECISION,
    Theme.CLOSING: Phase.CLOSING,
}
"""What the other themes are is left to people: they are topics."""


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


def suggest_phases(
    evidence: Evidence,
    *,
    learned: Learned,
    phases: LearnedPhases,
    duration_ms: int | None = None,
) -> tuple[PhaseSuggestion, ...]:
    """Return phases that tile the recording from 0 to its end; none if nobody speaks.

    Args:
        evidence: What the conversation offers.
        learned: What tells labels, which tell where phases tend to begin.
        phases: What tells phases by these and by words.
        duration_ms: The recording's length; otherwise it ends with the last turn.
    """
    rows = _rows(evidence)
    if not rows:
        return ()
    spoken = [evidence.turns[row] for row in rows]
    traits = csr_array(evidence.traits[rows])
    pieces = csr_array(traits[:, :PIECES])
    signs = signs_of(evidence)
    themes = phases.themes_of(pieces)
    figures = figures_of(
        spoken,
        signs,
        words=phases.opening_words(traits),
        labels=learned.odds(traits)[:, TELLING],
        themes=themes,
        topics=phases.topics_of(pieces, language=evidence.language),
    )
    odds = _later(phases.odds(figures), spoken)
    named = _named(cut(odds, themes, phases), signs.openings)
    end_ms = max(duration_ms or 0, *(turn.end_ms for turn in spoken))
    bounds = [0, *(spoken[at].start_ms for at, _, _ in named[1:]), end_ms]
    return tuple(
        PhaseSuggestion(
            phase=phase,
            start_ms=bounds[number],
            end_ms=bounds[number + 1],
            reason=reason,
            first_turn=spoken[at].index,
        )
        for number, (at, phase, reason) in enumerate(named)
    )


def signs_of(evidence: Evidence) -> Signs:
    """Return openings, content stems and word fields of the turns that somebody takes."""
    language = text_language(evidence.language)
    rows = _rows(evidence)
    spoken = [evidence.turns[row] for row in rows]
    places = {row: at for at, row in enumerate(rows)}
    passages = {places[each.turn]: each for each in evidence.wholes.passages}
    contents = {at: content_stems(each, language=language) for at, each in passages.items()}
    numbers: dict[str, int] = {}
    found = [
        (at, numbers.setdefault(stem, len(numbers)))
        for at, content in contents.items()
        for stem in sorted(content)
    ]
    at, stems = np.array(found, np.intp).reshape(-1, 2).T
    return Signs(
        openings=openings_of(spoken, passages, contents, language=language),
        stems=csr_array((np.ones(len(at)), (at, stems)), shape=(len(rows), max(1, len(numbers)))),
        fields=fields_in(csr_array(evidence.traits[rows, :PIECES])),
    )


def _rows(evidence: Evidence) -> list[int]:
    """Return the places of the turns that somebody takes, not those of backchannels."""
    return [at for at, turn in enumerate(evidence.turns) if turn.kind is TurnKind.TURN]


def _later(odds: Values, turns: Sequence[Turn]) -> Values:
    """Return the odds without those of turns that begin together with the turn before."""
    starts = np.array([turn.start_ms for turn in turns])
    together = np.concatenate([[False], starts[1:] <= starts[:-1]])
    return np.where(together, -np.inf, odds)


def _named(
    cuts: Sequence[tuple[int, Theme]], openings: Sequence[Opening]
) -> list[tuple[int, Phase, str]]:
    """Return each border with its phase and the nearest cue that speaks for one.

    Two in a row may be of one phase, as two plans. But a cue names no phase that has just begun,
    unless that is a topic; then the words say what this one is.
    """
    named: list[tuple[int, Phase, str]] = []
    for at, theme in cuts:
        around = [
            opening
            for opening in openings[max(0, at - _NEAR_TURNS) : at + _NEAR_TURNS + 1]
            if opening.phase is not None
        ]
        own = openings[at]
        phase = own.phase
        if phase is None or (named and named[-1][1] is phase is not Phase.TOPIC):
            phase = _OF_THEMES.get(theme, Phase.TOPIC)
        if own.phase is None and own.reason == "words" and around:
            own = max(around, key=lambda opening: opening.worth)
        named.append((at, phase, own.reason if at or own.phase else "start"))
    return named
