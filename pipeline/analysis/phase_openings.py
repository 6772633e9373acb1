"""What in a turn says that a phase begins: cue phrases, a pause, a "well then". Rules, no learning.

These are the reasons that people see, and one of the figures that borders are learned from.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from storage.codebooks.matching.sentences import Passage, PassageIndex
from storage.codebooks.matching.text_language import PhaseCue, TextLanguage
from storage.records import Phase, Turn

_CASEWORKER = "caseworker"
_BASE = -3.5
_CASEWORKER_SPEAKS = 1.5
_CUE_SCALE = 1.6
_STARTER = 1.9
_PAUSE = 1.5
_LONG_PAUSE_MS = 2_000


@dataclass(frozen=True, slots=True)
class Opening:
    """What speaks for a phase beginning with a turn.

    Attributes:
        worth: In nats, set by hand.
        reason: Id of the strongest cue, or ``starter``, ``pause``, ``words``.
        phase: What the cue opens.
    """

    worth: float
    reason: str
    phase: Phase | None


def openings_of(
    turns: Sequence[Turn],
    passages: Mapping[int, Passage],
    contents: Mapping[int, Collection[str]],
    *,
    language: TextLanguage,
) -> list[Opening]:
    """Return for every turn what the rules say of it as an opening.

    Args:
        turns: The conversation in order of time.
        passages: Whole turns by their place; those without a word are missing.
        contents: The content stems of each of them.
        language: The language spoken.
    """
    cues = _cues_at(passages, len(turns), language=language)
    return [
        _opening(
            turns,
            at,
            passage=passages.get(at),
            content=contents.get(at, ()),
            cues=cues.get(at, []),
            language=language,
        )
        for at in range(len(turns))
    ]


def _cues_at(
    passages: Mapping[int, Passage], count: int, *, language: TextLanguage
) -> Mapping[int, list[PhaseCue]]:
    places, texts = list(passages), list(passages.values())
    index = PassageIndex(texts)
    found: defaultdict[int, list[PhaseCue]] = defaultdict(list)
    for cue in language.phase_cues:
        for number in index.candidates(cue.pattern.keys):
            position = places[number] / max(1, count - 1)
            in_place = cue.position[0] <= position <= cue.position[1]
            if in_place and texts[number].search(cue.pattern):
                found[places[number]].append(cue)
    return found


def _opening(
    turns: Sequence[Turn],
    at: int,
    *,
    passage: Passage | None,
    content: Collection[str],
    cues: Sequence[PhaseCue],
    language: TextLanguage,
) -> Opening:
    if passage is None:
        return Opening(worth=_BASE, reason="words", phase=None)
    worth = _BASE + _CASEWORKER_SPEAKS * (turns[at].speaker == _CASEWORKER)
    reason, phase = "words", None
    if at and turns[at].start_ms - turns[at - 1].end_ms > _LONG_PAUSE_MS:
        worth, reason = worth + _PAUSE, "pause"
    if passage.tokens[0] in language.starters and 1 in passage.clauses:
        worth, reason = worth + _STARTER, "starter"
    if cues:
        cue = _strongest(cues)
        worth, reason, phase = worth + _CUE_SCALE * cue.weight, cue.id, Phase(cue.phase)
    if at and turns[at - 1].speaker == turns[at].speaker:
        worth -= 1.0
    if len(content) < 2:  # noqa: PLR2004 - one word opens little
        worth -= 1.0
    return Opening(worth=worth, reason=reason, phase=phase)


def _strongest(cues: Sequence[PhaseCue]) -> PhaseCue:
    """Return the weightiest cue; of several phases, that of the one with most weight in all."""
    totals: defaultdict[str, float] = defaultdict(float)
    for cue in cues:
        totals[cue.phase] += cue.weight
    return max(cues, key=lambda cue: (cue.phase != Phase.TOPIC, totals[cue.phase], cue.weight))
