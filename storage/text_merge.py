"""Three texts into one: the machine's old one, what people made of it, and the machine's new one.

Where nobody has put a hand the new text stands. What somebody typed stays as it was typed, unless
that person decides for the new; who speaks and where turns begin stay as people have said. Pure.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from storage.corrected_text import CorrectedText, Passage, Piece
from storage.records import (
    SpeakerSet,
    TextChange,
    Turn,
    TurnsMerged,
    TurnSplit,
    Word,
    WordsReplaced,
)

_AROUND_MS = 4_000
"""Two recognizers of the same sound place a word much closer to each other than this."""
_JITTER_MS = 150


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch that was typed by hand, and what the new version has there.

    Attributes:
        mine: As it was typed, "" where a person said that nothing was said.
        was: What the machine had there when it was corrected.
        new: What the machine has there now.
        old_words: Of the old version; the first of them names the stretch.
        new_words: Of the new version.
    """

    start_ms: int
    end_ms: int
    mine: str
    was: str
    new: str
    old_words: tuple[int, ...]
    new_words: tuple[int, ...]

    @property
    def name(self) -> int:
        """What the stretch is called by."""
        return self.old_words[0]

    @property
    def open(self) -> bool:
        """Whether a person has to look: both differ from what they came from, and each other."""
        return self.new not in {self.mine, self.was}


def differences(
    old: Sequence[Turn], mine: CorrectedText, new: Sequence[Turn]
) -> tuple[Difference, ...]:
    """Return every stretch that was typed by hand, in order of time.

    Words of the two versions belong together by time and text. A stretch in whose time the new
    version has no word grows until there is one to stand in place of.
    """
    fit = _Fit(old, mine, new)
    return tuple(map(fit.difference, fit.stretches()))


def carried_over(
    found: Iterable[Difference],
    mine: CorrectedText,
    new: Sequence[Turn],
    *,
    take_new: Collection[int] = (),
) -> tuple[TextChange, ...]:
    """Return the changes by which the new version keeps what people have done to the old one.

    Args:
        found: The differences of the three texts.
        mine: The old version as people have corrected it.
        new: The machine's new version.
        take_new: Names of the differences in which the new text was chosen.
    """
    text = CorrectedText(new)
    made: list[TextChange] = []
    for each in found:
        if each.name not in take_new and each.mine != each.new:
            _add(WordsReplaced(each.new_words, old=each.new, new=each.mine), text, made)
    imprint = _Imprint(text, made)
    for passage in mine.passages():
        if passage.named or passage.shaped:
            imprint.press(passage)
    return tuple(made)


def _add(change: TextChange, text: CorrectedText, made: list[TextChange]) -> None:
    text.apply(change)
    made.append(change)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Pieces ``[first, last)`` of mine and words ``[start, end)`` of the new version, by time."""

    first: int
    last: int
    start: int
    end: int

    def meets(self, other: "_Stretch") -> bool:
        return self.last > other.first or self.end > other.start

    def joined(self, other: "_Stretch") -> "_Stretch":
        return _Stretch(
            min(self.first, other.first),
            max(self.last, other.last),
            min(self.start, other.start),
            max(self.end, other.end),
        )


class _Fit:
    """Which words of the new version belong to which pieces of the old one."""

    def __init__(self, old: Sequence[Turn], mine: CorrectedText, new: Sequence[Turn]) -> None:
        self._old = _by_time(old)
        self._new = _by_time(new)
        self._old_starts = [word.start_ms for _, word in self._old]
        self._new_starts = [word.start_ms for _, word in self._new]
        self._place_of = {name: place for place, (name, _) in enumerate(self._old)}
        pieces = (piece for passage in mine.passages() for piece in passage.pieces)
        self._pieces = sorted(pieces, key=lambda piece: piece.place)

    def stretches(self) -> list[_Stretch]:
        """Return what was typed, apart from each other on both sides."""
        typed = (n for n, piece in enumerate(self._pieces) if piece.typed)
        apart: list[_Stretch] = []
        for each in (self._grown(n) for n in typed) if self._new else ():
            here = each
            while apart and apart[-1].meets(here):
                here = apart.pop().joined(here)
            apart.append(here)
        return apart

    def difference(self, stretch: _Stretch) -> Difference:
        pieces = self._pieces[stretch.first : stretch.last]
        places = sorted(self._place_of[name] for piece in pieces for name in piece.ids)
        words = self._new[stretch.start : stretch.end]
        return Difference(
            start_ms=pieces[0].start_ms,
            end_ms=max(piece.end_ms for piece in pieces),
            mine=" ".join(piece.text for piece in pieces if piece.words),
            was=" ".join(self._old[place][1].text for place in places),
            new=" ".join(word.text for _, word in words),
            old_words=tuple(name for piece in pieces for name in piece.ids),
            new_words=tuple(name for name, _ in words),
        )

    def _grown(self, piece: int) -> _Stretch:
        first, last = piece, piece + 1
        while True:
            start, end = self._range(self._pieces[first:last])
            if start < end or last - first == len(self._pieces):
                # Only a version that was cut short ends here: its nearest word is taken then.
                start = min(start, len(self._new) - 1)
                return _Stretch(first, last, start, max(end, start + 1))
            first, last = (first - 1, last) if first else (first, last + 1)

    def _range(self, pieces: Sequence[Piece]) -> tuple[int, int]:
        """Return which words of the new version, by time, were said where these pieces are."""
        places = [self._place_of[name] for piece in pieces for name in piece.ids]
        low, high = min(places), max(places) + 1
        start_ms = self._old_starts[low]
        end_ms = max(word.end_ms for _, word in self._old[low:high])
        olds = _window(self._old_starts, start_ms - _AROUND_MS, end_ms + _AROUND_MS)
        news = _window(self._new_starts, start_ms - _AROUND_MS, end_ms + _AROUND_MS)
        pairs = _pairs(self._old[olds[0] : olds[1]], self._new[news[0] : news[1]])
        low, high = low - olds[0], high - olds[0]
        before = max((there for here, there in pairs if here < low), default=-1) + 1
        behind = min((there for here, there in pairs if here >= high), default=news[1] - news[0])
        inside = [there for here, there in pairs if low <= here < high]
        near = [
            place
            for place in range(before, behind)
            if place in inside
            or start_ms - _JITTER_MS
            <= _middle(self._new[news[0] + place][1])
            <= end_ms + _JITTER_MS
        ]
        if not near:
            return news[0] + before, news[0] + before
        return news[0] + near[0], news[0] + near[-1] + 1


class _Imprint:
    """Gives the turns of the new version the borders and speakers that people have given."""

    def __init__(self, text: CorrectedText, made: list[TextChange]) -> None:
        self._text = text
        self._made = made
        pieces = (piece for passage in text.passages() for piece in passage.pieces)
        self._pieces = sorted(pieces, key=_middle)
        self._middles = [_middle(piece) for piece in self._pieces]

    def press(self, passage: Passage) -> None:
        """Make one turn, of the same speaker, of what was said in a passage's time."""
        low = bisect_left(self._middles, passage.start_ms)
        high = bisect_left(self._middles, passage.end_ms)
        inside = [
            piece
            for piece in self._pieces[low:high]
            if self._text.passage_of(piece.ids[0]).kind is passage.kind
        ]
        inside.sort(key=lambda piece: piece.place)
        first: Passage | None = None
        for piece in inside:
            owner = self._text.passage_of(piece.ids[0])
            if owner is first:
                continue
            owner = self._cut(owner, inside)
            if first is None:
                first = owner
            else:
                self._add(TurnsMerged(owner.first, into=first.first))
        if first is not None and passage.named:
            self._add(SpeakerSet(first.first, old=first.speaker, new=passage.speaker))

    def _cut(self, owner: Passage, inside: Sequence[Piece]) -> Passage:
        """Cut off what is not inside on either side, and return what is left."""
        wanted = {piece.ids for piece in inside}
        begins = next(piece for piece in owner.pieces if piece.ids in wanted)
        if begins is not owner.pieces[0]:
            self._add(TurnSplit(begins.ids[0]))
            owner = self._text.passage_of(begins.ids[0])
        ends = next((piece for piece in owner.pieces if piece.ids not in wanted), None)
        if ends is not None:
            self._add(TurnSplit(ends.ids[0]))
        return owner

    def _add(self, change: TextChange) -> None:
        _add(change, self._text, self._made)


def _by_time(turns: Iterable[Turn]) -> list[tuple[int, Word]]:
    """Return the words by the names they have, in order of time."""
    named = enumerate(word for turn in turns for word in turn.words)
    return sorted(named, key=lambda pair: (pair[1].start_ms, pair[0]))


def _window(starts: Sequence[int], start_ms: int, end_ms: int) -> tuple[int, int]:
    return bisect_left(starts, start_ms), bisect_right(starts, end_ms)


def _pairs(
    old: Sequence[tuple[int, Word]], new: Sequence[tuple[int, Word]]
) -> list[tuple[int, int]]:
    """Return which of the words are the same ones, by text."""
    matcher = SequenceMatcher(None, _forms(old), _forms(new), autojunk=False)
    return [
        (block.a + n, block.b + n)
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
    ]


def _forms(words: Iterable[tuple[int, Word]]) -> list[str]:
    return [word.text.casefold().strip(" .,?!…") for _, word in words]


def _middle(spoken: Word | Piece) -> int:
    return (spoken.start_ms + spoken.end_ms) // 2
