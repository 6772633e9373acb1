"""The cue language: a small pattern language over words that supervisors can read and write.

==============  ====================================================================
``word``        that word                       ``word*``   words that begin so
``~word``       words of the same stem          ``*word``   words that end so
``word?``       the word or nothing             ``(a|b c)`` either; ``(a|b)?`` or nothing
``..4``         up to four words; ``..`` three  ``^`` ``$`` start, end of the passage
==============  ====================================================================

Nothing can be repeated without end, and in how many ways a pattern can be read is bounded: a cue
that somebody has typed cannot keep a worker or the page busy for long.

A pattern becomes one regular expression over the rendering of a passage ("word/stem word/stem "),
and a set of keys of which at least one must occur, so that an index can rule out most passages.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from storage.codebooks.matching.errors import (
    BracketOpen,
    EdgeInside,
    GapLast,
    GapTooLong,
    NothingNeeded,
    OutsideBracket,
    PartEmpty,
    PatternTooLong,
    SignsMixed,
    TooManyWays,
    WordUnreadable,
)

_PIECE = re.compile(r"\(|\)\??|\||[^\s()|]+")
_GAP = re.compile(r"\.\.(\d{0,2})")
_TERM = re.compile(r"~?\*?§?(?:[^\W_]+(?:['-][^\W_]+)*)?\*?\??")
_USUAL_GAP = 3
_LONGEST_GAP = 12
_LONGEST = 300
_MOST_WAYS = 10_000
_BETWEEN = r"(?<![^ ])"


class KeyKind(StrEnum):
    """What a key of the index is compared with."""

    WORD = "word"
    STEM = "stem"
    PREFIX = "prefix"
    SUFFIX = "suffix"


@dataclass(frozen=True, slots=True)
class Key:
    """Something that must occur for a pattern to have a chance."""

    kind: KeyKind
    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern.

    Attributes:
        keys: At least one of them occurs wherever the expression matches.
    """

    expression: re.Pattern[str]
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of expression.

    Attributes:
        keys: What it cannot do without (None: it can).
        ways: In how many ways at most it can be tried from one place.
    """

    expression: str
    keys: frozenset[Key] | None
    ways: int = 1


def compile_pattern(source: str, *, stem: Callable[[str], str]) -> Pattern:
    """Return the pattern written in the cue language.

    Args:
        source: The pattern; capitals do not count.
        stem: Stemmer of the passages' language.

    Raises:
        PatternInvalid: It cannot be read, could match without any word, or would take too long.
    """
    if len(source) > _LONGEST:
        raise PatternTooLong
    reader = _Reader(_PIECE.findall(source.lower()), stem=stem)
    whole = reader.sequence(depth=0)
    if whole.keys is None:
        raise NothingNeeded
    if whole.ways > _MOST_WAYS:
        raise TooManyWays
    return Pattern(expression=re.compile(_BETWEEN + whole.expression), keys=whole.keys)


class _Reader:
    """Reads pieces from left to right."""

    def __init__(self, pieces: list[str], *, stem: Callable[[str], str]) -> None:
        self._pieces = pieces
        self._stem = stem
        self._next = 0

    def sequence(self, *, depth: int) -> _Part:
        parts: list[_Part] = []
        while self._next < len(self._pieces):
            piece = self._pieces[self._next]
            if piece == "|" or piece.startswith(")"):
                if depth == 0:
                    raise OutsideBracket(piece)
                break
            self._next += 1
            if piece == "(":
                parts.append(self._alternatives(depth=depth + 1))
            else:
                parts.append(self._element(piece, first=not parts, last=self._at_end()))
        if not parts:
            raise PartEmpty
        required = [part.keys for part in parts if part.keys is not None]
        return _Part(
            expression="".join(part.expression for part in parts),
            keys=max(required, key=_rarity) if required else None,
            ways=prod(part.ways for part in parts),
        )

    def _at_end(self) -> bool:
        """Return whether the sequence being read has no further piece."""
        return self._next == len(self._pieces) or self._pieces[self._next][0] in "|)"

    def _alternatives(self, *, depth: int) -> _Part:
        options = [self.sequence(depth=depth)]
        while self._next < len(self._pieces) and self._pieces[self._next] == "|":
            self._next += 1
            options.append(self.sequence(depth=depth))
        if self._next == len(self._pieces):
            raise BracketOpen
        optional = self._pieces[self._next] == ")?"
        self._next += 1
        expression = f"(?:{'|'.join(option.expression for option in options)})"
        ways = sum(option.ways for option in options)
        if optional:
            return _Part(expression=expression + "?", keys=None, ways=ways + 1)
        keys: set[Key] = set()
        for option in options:
            if option.keys is None:
                return _Part(expression=expression, keys=None, ways=ways)
            keys |= option.keys
        return _Part(expression=expression, keys=frozenset(keys), ways=ways)

    def _element(self, piece: str, *, first: bool, last: bool) -> _Part:
        if piece in {"^", "$"}:
            if not (first if piece == "^" else last):
                raise EdgeInside(piece)
            return _Part(expression=r"\A" if piece == "^" else r"\Z", keys=None)
        if gap := _GAP.fullmatch(piece):
            if self._next == len(self._pieces):
                raise GapLast(piece)
            most = int(gap[1] or _USUAL_GAP)
            if not 1 <= most <= _LONGEST_GAP:
                raise GapTooLong(piece)
            return _Part(expression=rf"(?:[^ ]+ ){{0,{most}}}?", keys=None, ways=most + 1)
        return self._term(piece)

    def _term(self, piece: str) -> _Part:
        word = piece.strip("~*?")
        if not word or not _TERM.fullmatch(piece):
            raise WordUnreadable(piece)
        bare = piece.rstrip("?")
        match bare[0] == "~", bare.lstrip("~")[0] == "*", bare[-1] == "*":
            case False, False, False:
                key, expression = Key(KeyKind.WORD, word), f"{re.escape(word)}/[^ ]+ "
            case True, False, False:
                key = Key(KeyKind.STEM, self._stem(word))
                expression = f"[^/ ]+/{re.escape(key.text)} "
            case False, False, True:
                key, expression = Key(KeyKind.PREFIX, word), f"{re.escape(word)}[^/ ]*/[^ ]+ "
            case False, True, False:
                key, expression = Key(KeyKind.SUFFIX, word), f"[^/ ]*{re.escape(word)}/[^ ]+ "
            case _:
                raise SignsMixed(piece)
        if piece.endswith("?"):
            return _Part(expression=f"(?:{expression})?", keys=None, ways=2)
        return _Part(expression=expression, keys=frozenset({key}))


def _rarity(keys: frozenset[Key]) -> float:
    """Guess how few passages have one of the keys: long words are rare, many keys are not."""
    return min(len(key.text) for key in keys) - 0.5 * len(keys)
