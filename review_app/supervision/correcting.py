"""From what a person does to a turn on the page to changes of the text, and back to what to draw.

Pure. How changes are laid over a text is ``storage.corrected_text``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from storage.corrected_text import UNSURE, CorrectedText, Passage, Piece
from storage.records import (
    SpeakerSet,
    SpeakersSwapped,
    TextChange,
    Turn,
    TurnsMerged,
    TurnSplit,
    WordsReplaced,
)


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What to draw anew: ``turns`` in place of ``removed`` ones from place ``start`` on."""

    start: int
    removed: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Pieces ``[first, last)`` of a turn and typed words ``[start, end)`` in place of them."""

    first: int
    last: int
    start: int
    end: int


def retyped(passage: Passage, text: str) -> tuple[WordsReplaced, ...]:
    """Return the changes that make a turn read as it was typed: of as few words as may be.

    Each word that one word was typed for keeps its own time. What was added stands with the word
    before it, or at the beginning with the one behind.
    """
    typed = text.split()
    pieces = passage.pieces
    changes: list[WordsReplaced] = []
    for run in _runs(pieces, typed):
        here, words = pieces[run.first : run.last], typed[run.start : run.end]
        if len(here) == len(words):
            pairs = zip(here, words, strict=True)
            changes += [_replaced([piece], word) for piece, word in pairs]
        else:
            changes.append(_replaced(here, " ".join(words)))
    return tuple(change for change in changes if change.old != change.new)


def named(passage: Passage, speaker: str) -> tuple[TextChange, ...]:
    """Return the change that says whose a turn is; to say again what is known makes it sure."""
    if passage.named and passage.speaker == speaker:
        return ()
    return (SpeakerSet(passage.first, old=passage.speaker, new=speaker),)


def swapped(passage: Passage, speaker: str) -> tuple[TextChange, ...]:
    """Return the change by which two speakers change places from a turn on.

    A turn of nobody known has none to change with: it alone is named.
    """
    if passage.speaker in {UNSURE, speaker}:
        return named(passage, speaker)
    return (SpeakersSwapped(passage.first, one=passage.speaker, other=speaker),)


def split(passage: Passage, word: int) -> tuple[TextChange, ...]:
    """Return the change by which a turn of its own begins with a word, counted from 0.

    What was typed for several words at once is not torn apart: the border is then in front of it,
    or behind it at the beginning of a turn. A turn of one such piece stays whole.
    """
    seen = 0
    for before, piece in pairwise(passage.pieces):
        seen += len(before.words)
        if word < seen + len(piece.words) or piece is passage.pieces[-1]:
            return (TurnSplit(piece.ids[0]),)
    return ()


def merged(passages: Sequence[Passage], index: int) -> tuple[TextChange, ...]:
    """Return the change by which a turn belongs to the one before it; the first has none."""
    if index == 0:
        return ()
    return (TurnsMerged(passages[index].first, into=passages[index - 1].first),)


def redrawn(before: Sequence[Turn], after: CorrectedText) -> Redrawn:
    """Return what differs between the turns on a page and the text as it is now."""
    turns = after.turns()
    most = min(len(before), len(turns))
    start = next((n for n in range(most) if not _same(before[n], turns[n])), most)
    most -= start
    behind = next((n for n in range(most) if not _same(before[-1 - n], turns[-1 - n])), most)
    return Redrawn(start, len(before) - start - behind, turns[start : len(turns) - behind])


def _same(one: Turn, other: Turn) -> bool:
    return one is other or replace(one, index=other.index) == other


def _runs(pieces: Sequence[Piece], typed: Sequence[str]) -> list[_Run]:
    """Return the stretches in which pieces and typed words differ; none is empty of pieces."""
    kept = _kept(pieces, typed)
    for gap in _gaps(kept, pieces, typed):
        if gap.first == gap.last and gap.start < gap.end:  # added, with no piece of its own
            kept.pop(gap.first - 1 if gap.first else gap.last, None)
    return [gap for gap in _gaps(kept, pieces, typed) if gap.first < gap.last]


def _gaps(
    kept: Mapping[int, tuple[int, int]], pieces: Sequence[Piece], typed: Sequence[str]
) -> list[_Run]:
    """Return what lies between the pieces that were left as they are."""
    ends = [0, *(end for _, end in kept.values())]
    starts = [*(start for start, _ in kept.values()), len(typed)]
    borders = pairwise([-1, *kept, len(pieces)])
    return [
        _Run(before + 1, behind, start, end)
        for (before, behind), start, end in zip(borders, ends, starts, strict=True)
    ]


def _kept(pieces: Sequence[Piece], typed: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Return the pieces that were left as they are, each with its place among the typed words."""
    words = [word.text for piece in pieces for word in piece.words]
    blocks = SequenceMatcher(None, words, typed, autojunk=False).get_matching_blocks()
    where = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    kept: dict[int, tuple[int, int]] = {}
    seen = 0
    for number, piece in enumerate(pieces):
        places = [where.get(seen + n, -1) for n in range(len(piece.words))]
        seen += len(places)
        whole = all(there - here == 1 for here, there in pairwise(places))
        if places and places[0] >= 0 and whole:
            kept[number] = (places[0], places[-1] + 1)
    return kept


def _replaced(pieces: Sequence[Piece], text: str) -> WordsReplaced:
    return WordsReplaced(
        tuple(word for piece in pieces for word in piece.ids),
        old=" ".join(piece.text for piece in pieces if piece.words),
        new=text,
    )
