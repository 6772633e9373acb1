"""Suggest where a new phase of the conversation begins, and which.

Where to cut is learned from labeled dialogues; why, as people are told, are the rules' cues.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipeline.analysis.phase_model import LearnedPhases, Values, cut, figures_of
from pipeline.analysis.phase_openings import Opening, Phase, openings_of
from pipeline.analysis.pieces import fields_in, pieces_of
from storage.codebooks.matching.sentences import content_stems, sentences_of, whole_turn
from storage.codebooks.matching.text_language import text_language
from storage.dialogues.guide import Theme
from storage.records import Turn, TurnKind

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


class Evidence(NamedTuple):
    """What a conversation offers, before anything learned is asked."""

    openings: list[Opening]
    pieces: csr_array
    stems: csr_array
    fields: csr_array


def suggest_phases(
    turns: Sequence[Turn],
    *,
    language: str,
    learned: LearnedPhases,
    duration_ms: int | None = None,
) -> tuple[PhaseSuggestion, ...]:
    """Return phases that tile the recording from 0 to its end; none if nobody speaks.

    Args:
        turns: The conversation in order of time.
        language: The language spoken.
        learned: Where phases tend to begin.
        duration_ms: The recording's length; otherwise it ends with the last turn.

    Raises:
        LanguageUnknown: There are no tables for that language.
    """
    spoken = [turn for turn in turns if turn.kind is TurnKind.TURN]
    if not spoken:
        return ()
    evidence = evidence_of(spoken, language=language)
    themes = learned.themes_of(evidence.pieces)
    figures = figures_of(
        spoken,
        evidence.openings,
        evidence.stems,
        evidence.fields,
        words=learned.opening_words(evidence.pieces),
        labels=learned.telling(evidence.pieces),
        themes=themes,
        topics=learned.topics_of(evidence.pieces, language=language),
    )
    odds = _later(learned.odds(figures), spoken)
    named = _named(cut(odds, themes, learned), evidence.openings)
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


def evidence_of(turns: Sequence[Turn], *, language: str) -> Evidence:
    """Return openings, pieces of words, content stems and word fields of every turn.

    Raises:
        LanguageUnknown: There are no tables for that language.
    """
    table = text_language(language)
    passages = {
        at: whole_turn(parts)
        for at, turn in enumerate(turns)
        if (parts := sentences_of(turn, at=at, language=table))
    }
    contents = {at: content_stems(each, language=table) for at, each in passages.items()}
    numbers: dict[str, int] = {}
    places = [
        (at, numbers.setdefault(stem, len(numbers)))
        for at, content in contents.items()
        for stem in sorted(content)
    ]
    rows, columns = np.array(places, np.intp).reshape(-1, 2).T
    pieces = pieces_of([(turn.speaker, turn.text) for turn in turns], language=language)
    return Evidence(
        openings=openings_of(turns, passages, contents, language=table),
        pieces=pieces,
        stems=csr_array(
            (np.ones(len(rows)), (rows, columns)), shape=(len(turns), max(1, len(numbers)))
        ),
        fields=fields_in(pieces),
    )


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
