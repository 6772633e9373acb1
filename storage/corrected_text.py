"""A machine's text with people's corrections laid over it. Pure: values in, values out.

Every word of the machine's version lies in exactly one piece at any time, also where a person has
typed something else or nothing: so nothing is lost on the way, and what is undone comes back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import assert_never

from storage.errors import Conflict
from storage.records import (
    Correction,
    Doubt,
    SpeakerSet,
    SpeakersSwapped,
    TextChange,
    Turn,
    TurnKind,
    TurnsMerged,
    TurnSplit,
    Undone,
    VersionChosen,
    Word,
    WordsReplaced,
)

UNSURE = "?"
"""The speaker of a turn that nobody is sure of."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is changed as one: a word as it was recognized, or what was typed for some of them.

    Attributes:
        ids: The words of the machine's version that it stands for.
        words: None where a person has said that nothing was said.
    """

    start_ms: int
    end_ms: int
    ids: tuple[int, ...]
    words: tuple[Word, ...]
    typed: bool = False

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)

    @property
    def place(self) -> tuple[int, int]:
        """What pieces are in order by: the time, then the machine's own order."""
        return self.start_ms, self.ids[0]


@dataclass(slots=True, eq=False)
class Passage:
    """A turn on its way to its final form.

    Attributes:
        pieces: In order of time.
        named: A person has said whose it is.
        shaped: A person has said where it begins or ends.
        base: The machine's turn while nobody has touched it.
    """

    pieces: list[Piece]
    speaker: str
    kind: TurnKind
    speaker_confidence: float
    doubts: frozenset[Doubt]
    named: bool = False
    shaped: bool = False
    base: Turn | None = field(default=None)

    @property
    def first(self) -> int:
        """The word that it begins with, which it is named by."""
        return self.pieces[0].ids[0]

    @property
    def start_ms(self) -> int:
        """When it begins."""
        return self.pieces[0].start_ms

    @property
    def end_ms(self) -> int:
        """When the last of it has been said."""
        return max(piece.end_ms for piece in self.pieces)

    @property
    def words(self) -> tuple[Word, ...]:
        """Its words, none of which begins before the one in front of it."""
        words: list[Word] = []
        for word in (word for piece in self.pieces for word in piece.words):
            start = max(word.start_ms, words[-1].start_ms) if words else word.start_ms
            late = start > word.start_ms
            words.append(
                replace(word, start_ms=start, end_ms=max(start, word.end_ms)) if late else word
            )
        return tuple(words)

    def turn(self, index: int) -> Turn:
        """Return it as a turn, with less doubt where a person has been."""
        if self.base is not None:
            return self.base if self.base.index == index else replace(self.base, index=index)
        return Turn(
            index=index,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            speaker=self.speaker,
            words=self.words,
            kind=self.kind,
            speaker_confidence=1.0 if self.named else self.speaker_confidence,
            doubts=frozenset() if any(piece.typed for piece in self.pieces) else self.doubts,
        )


class CorrectedText:
    """The turns of one version while changes are applied to them, one after the other."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._of: dict[int, Passage] = {}
        ids = count()
        for turn in turns:
            pieces = [Piece(w.start_ms, w.end_ms, (next(ids),), (w,)) for w in turn.words]
            if pieces:
                self._own(
                    Passage(
                        pieces,
                        turn.speaker,
                        turn.kind,
                        turn.speaker_confidence,
                        turn.doubts,
                        base=turn,
                    )
                )

    def apply(self, change: TextChange) -> None:
        """Lay one more change over the text.

        Raises:
            Conflict: The text is not any more as the change found it.
        """
        match change:
            case WordsReplaced():
                self._replace(change)
            case SpeakerSet(word, old, new):
                passage = self._beginning_with(word)
                _check(passage.speaker == old, word)
                _name(passage, new)
            case SpeakersSwapped(word, one, other):
                self._swap(self._beginning_with(word), one, other)
            case TurnSplit(word):
                self._split(word)
            case TurnsMerged(word, into):
                self._merge(self._beginning_with(word), self._beginning_with(into))
            case _:
                assert_never(change)

    def passages(self) -> tuple[Passage, ...]:
        """Return all turns in order of time, those too in which no word is left."""
        every = {id(passage): passage for passage in self._of.values()}
        return tuple(sorted(every.values(), key=lambda passage: passage.pieces[0].place))

    def shown(self) -> tuple[Passage, ...]:
        """Return the turns in which there are words, in order of time."""
        return tuple(p for p in self.passages() if any(piece.words for piece in p.pieces))

    def turns(self) -> tuple[Turn, ...]:
        """Return the text as it is now."""
        return tuple(passage.turn(index) for index, passage in enumerate(self.shown()))

    def passage_of(self, word: int) -> Passage:
        """Return the turn in which a word of the machine's version lies.

        Raises:
            Conflict: There is no such word.
        """
        _check(word in self._of, word)
        return self._of[word]

    def _own(self, passage: Passage) -> None:
        for piece in passage.pieces:
            for word in piece.ids:
                self._of[word] = passage

    def _beginning_with(self, word: int) -> Passage:
        passage = self.passage_of(word)
        _check(passage.first == word, word)
        return passage

    def _replace(self, change: WordsReplaced) -> None:
        wanted = set(change.words)
        _check(bool(wanted), -1)
        owners = {id(p): p for p in map(self.passage_of, change.words)}.values()
        pieces = [each for p in owners for each in p.pieces if not wanted.isdisjoint(each.ids)]
        pieces.sort(key=lambda piece: piece.place)
        whole = {word for piece in pieces for word in piece.ids} == wanted
        _check(whole and _text(pieces) == change.old, change.words[0])
        target = self._of[pieces[0].ids[0]]
        for passage in owners:
            passage.pieces = [each for each in passage.pieces if wanted.isdisjoint(each.ids)]
            passage.base = None
        start, end = pieces[0].start_ms, max(piece.end_ms for piece in pieces)
        later = (each.start_ms for each in target.pieces if each.place > pieces[0].place)
        end = max(start, min(end, *later, end))
        ids = tuple(word for piece in pieces for word in piece.ids)
        target.pieces.append(Piece(start, end, ids, spread(change.new, start, end), typed=True))
        target.pieces.sort(key=lambda piece: piece.place)
        self._own(target)

    def _swap(self, first: Passage, one: str, other: str) -> None:
        to = {one: other, other: one}
        for passage in self.passages():
            if passage.pieces[0].place >= first.pieces[0].place and passage.speaker in to:
                _name(passage, to[passage.speaker])

    def _split(self, word: int) -> None:
        before = self.passage_of(word)
        place = next(n for n, piece in enumerate(before.pieces) if word in piece.ids)
        _check(place > 0 and before.pieces[place].ids[0] == word, word)
        after = replace(before, pieces=before.pieces[place:], shaped=True, base=None)
        before.pieces = before.pieces[:place]
        before.shaped, before.base = True, None
        self._own(after)

    def _merge(self, passage: Passage, into: Passage) -> None:
        _check(
            passage is not into and into.pieces[0].place < passage.pieces[0].place, passage.first
        )
        into.pieces = sorted([*into.pieces, *passage.pieces], key=lambda piece: piece.place)
        if passage.kind is TurnKind.TURN:
            into.kind = TurnKind.TURN
        into.doubts |= passage.doubts
        into.named = into.speaker != UNSURE
        into.shaped = True
        into.base = None
        self._own(into)


@dataclass(frozen=True, slots=True)
class Clamp:
    """That a person has said who speaks in a stretch: ``[start_ms, end_ms)``."""

    start_ms: int
    end_ms: int
    speaker: str


def clamps_of(text: CorrectedText) -> tuple[Clamp, ...]:
    """Return what people have said about who speaks, by time: what a machine then keeps to."""
    said = (
        Clamp(piece.start_ms, piece.end_ms, passage.speaker)
        for passage in text.passages()
        if passage.named
        for piece in passage.pieces
    )
    return tuple(sorted(said, key=lambda clamp: (clamp.start_ms, clamp.end_ms)))


def counted(corrections: Sequence[Correction]) -> tuple[Correction, ...]:
    """Return the corrections that nobody has undone, without the undoing itself."""
    undone = {c.correction for each in corrections for c in each.changes if isinstance(c, Undone)}
    return tuple(
        each
        for each in corrections
        if each.id not in undone and not any(isinstance(c, Undone) for c in each.changes)
    )


def shown_version(corrections: Sequence[Correction], *, latest: int) -> int:
    """Return which version of the text is shown: the one last put a hand to, else the latest."""
    counting = counted(corrections)
    return counting[-1].version if counting else latest


def newest_known(corrections: Sequence[Correction]) -> int:
    """Return the newest version that somebody has decided about, 0 if nobody has."""
    choices = (c for each in counted(corrections) for c in each.changes)
    return max((c.known for c in choices if isinstance(c, VersionChosen)), default=0)


def corrected(
    turns: Iterable[Turn], corrections: Sequence[Correction], *, version: int
) -> CorrectedText:
    """Return a version of the text with what people have changed in it and not undone.

    Raises:
        Conflict: They do not fit it, as when something is left out that others build on.
    """
    text = CorrectedText(turns)
    for correction in counted(corrections):
        if correction.version == version:
            for change in correction.changes:
                if not isinstance(change, Undone | VersionChosen):
                    text.apply(change)
    return text


def spread(text: str, start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """Return typed words with times: each gets a share of the stretch by its length."""
    words = text.split()
    total = sum(len(word) + 1 for word in words)
    timed, so_far = [], 0
    for word in words:
        begin = start_ms + (end_ms - start_ms) * so_far // total
        so_far += len(word) + 1
        timed.append(Word(begin, start_ms + (end_ms - start_ms) * so_far // total, word))
    return tuple(timed)


def _text(pieces: Iterable[Piece]) -> str:
    return " ".join(piece.text for piece in pieces if piece.words)


def _name(passage: Passage, speaker: str) -> None:
    passage.speaker = speaker
    passage.named = True
    passage.base = None


def _check(holds: bool, word: int) -> None:  # noqa: FBT001 - a condition, not an option
    if not holds:
        raise Conflict(f"word {word}")
