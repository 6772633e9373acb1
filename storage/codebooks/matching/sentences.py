"""From turns to sentences that can be searched, each word still knowing its place in the turn.

Recognizers punctuate unreliably, so a long pause inside a turn ends a sentence as a full stop does.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.codebooks.matching.cues import Key, KeyKind, Pattern
from storage.codebooks.matching.text_language import TextLanguage
from storage.records import Turn, Word

_TOKEN = re.compile(r"§|[^\W_]+(?:['-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.?!…][\"'”’»)]*$")
_CLAUSE_END = re.compile(r"[,;:–—-]$")
_SENTENCE_PAUSE_MS = 1_000
_CLAUSE_PAUSE_MS = 400


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or a whole turn, ready for matching.

    Attributes:
        turn: Place of the turn in the sequence that was read, not ``Turn.index``.
        tokens: Words in small letters without punctuation.
        word_of: For every token, the place of its word in the turn.
        capitals: For every token, whether it was written with a capital.
        clauses: Token places at which clauses begin; the first is 0.
        asks: Whether it ends with a question mark.
        rendering: "token/stem " for every token, for patterns to run on.
        last: Whether nothing follows in its turn.
    """

    turn: int
    speaker: str
    tokens: tuple[str, ...]
    stems: tuple[str, ...]
    word_of: tuple[int, ...]
    capitals: tuple[bool, ...]
    clauses: tuple[int, ...]
    asks: bool
    rendering: str
    last: bool

    def words(self, first: int, end: int) -> tuple[int, int]:
        """Return the turn's word span ``[first, end)`` of a token span."""
        return self.word_of[first], self.word_of[end - 1] + 1

    def search(self, pattern: Pattern) -> tuple[int, int] | None:
        """Return the token span of a pattern's first match, or None."""
        if not (match := pattern.expression.search(self.rendering)):
            return None
        return self.rendering.count(" ", 0, match.start()), self.rendering.count(
            " ", 0, match.end()
        )


@dataclass(slots=True)
class _Draft:
    """A sentence being read."""

    tokens: list[str]
    word_of: list[int]
    capitals: list[bool]
    clauses: list[int]
    asks: bool = False


def sentences_of(turn: Turn, *, at: int, language: TextLanguage) -> tuple[Passage, ...]:
    """Return a turn's sentences in order; words without a letter or digit belong to none.

    Args:
        turn: What was said.
        at: Its place in the sequence being read.
        language: Whose abbreviations and stems to use.
    """
    drafts = [_Draft([], [], [], [0])]
    for number, word in enumerate(turn.words):
        draft = drafts[-1]
        following = turn.words[number + 1] if number + 1 < len(turn.words) else None
        _read_word(draft, word, number=number)
        if _ends_sentence(word, following, language=language):
            draft.asks = "?" in word.text
            drafts.append(_Draft([], [], [], [0]))
        elif _ends_clause(word, following, language=language):
            draft.clauses.append(len(draft.tokens))
    full = [draft for draft in drafts if draft.tokens]
    return tuple(
        _passage(draft, turn=at, speaker=turn.speaker, last=draft is full[-1], language=language)
        for draft in full
    )


def whole_turn(sentences: Sequence[Passage]) -> Passage:
    """Return all sentences of one turn as one passage. There must be at least one."""
    if len(sentences) == 1:
        return sentences[0]
    clauses: list[int] = []
    count = 0
    for sentence in sentences:
        clauses.extend(count + start for start in sentence.clauses)
        count += len(sentence.tokens)
    return Passage(
        turn=sentences[0].turn,
        speaker=sentences[0].speaker,
        tokens=tuple(token for each in sentences for token in each.tokens),
        stems=tuple(stem for each in sentences for stem in each.stems),
        word_of=tuple(place for each in sentences for place in each.word_of),
        capitals=tuple(capital for each in sentences for capital in each.capitals),
        clauses=tuple(clauses),
        asks=any(each.asks for each in sentences),
        rendering="".join(each.rendering for each in sentences),
        last=True,
    )


def content_stems(passage: Passage, *, language: TextLanguage) -> frozenset[str]:
    """Return the stems that carry content: no stop words, nothing of one or two letters."""
    return frozenset(
        stem
        for token, stem in zip(passage.tokens, passage.stems, strict=True)
        if len(token) > 2 and token not in language.stop_words  # noqa: PLR2004 - "jo", "ok", "um"
    )


class PassageIndex:
    """Which passages have a word, a stem, a beginning or an end of a word.

    Args:
        passages: What to index; answers are places in this sequence.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)
        self._of_stem: defaultdict[str, list[str]] = defaultdict(list)
        stems: dict[str, str] = {}
        for place, passage in enumerate(passages):
            stems.update(zip(passage.tokens, passage.stems, strict=True))
            for token in passage.tokens:
                self._by_word[token].add(place)
        for word, stem in stems.items():
            self._of_stem[stem].append(word)
        self._words = sorted(stems)

    def candidates(self, keys: Iterable[Key]) -> set[int]:
        """Return every passage that has at least one of the keys."""
        found: set[int] = set()
        for key in keys:
            match key.kind:
                case KeyKind.WORD:
                    found |= self._by_word.get(key.text, set())
                case KeyKind.STEM:
                    found.update(*map(self._by_word.__getitem__, self._of_stem.get(key.text, ())))
                case KeyKind.PREFIX:
                    found.update(*map(self._by_word.__getitem__, self._beginning(key.text)))
                case KeyKind.SUFFIX:
                    ending = (word for word in self._words if word.endswith(key.text))
                    found.update(*map(self._by_word.__getitem__, ending))
        return found

    def _beginning(self, text: str) -> Iterable[str]:
        place = bisect_left(self._words, text)
        while place < len(self._words) and self._words[place].startswith(text):
            yield self._words[place]
            place += 1


def _read_word(draft: _Draft, word: Word, *, number: int) -> None:
    if word.text.isalnum():  # most words; what the pattern would find, in a fraction of the time
        draft.tokens.append(word.text.lower())
        draft.word_of.append(number)
        draft.capitals.append(word.text[0].isupper())
        return
    for match in _TOKEN.finditer(word.text.replace("’", "'")):
        draft.tokens.append(match[0].lower())
        draft.word_of.append(number)
        draft.capitals.append(match[0][0].isupper())


def _ends_sentence(word: Word, following: Word | None, *, language: TextLanguage) -> bool:
    if following is not None and following.start_ms - word.end_ms >= _SENTENCE_PAUSE_MS:
        return True
    if word.text[-1:].isalnum():
        return False
    return bool(_SENTENCE_END.search(word.text)) and word.text.lower() not in language.abbreviations


def _ends_clause(word: Word, following: Word | None, *, language: TextLanguage) -> bool:
    if following is None:
        return False
    pause = following.start_ms - word.end_ms >= _CLAUSE_PAUSE_MS
    joined = following.text.lower() in language.joining
    stopped = not word.text[-1:].isalnum() and _CLAUSE_END.search(word.text)
    return pause or joined or bool(stopped)


def _passage(
    draft: _Draft, *, turn: int, speaker: str, last: bool, language: TextLanguage
) -> Passage:
    stems = tuple(map(language.stem, draft.tokens))
    return Passage(
        turn=turn,
        speaker=speaker,
        tokens=tuple(draft.tokens),
        stems=stems,
        word_of=tuple(draft.word_of),
        capitals=tuple(draft.capitals),
        clauses=tuple(sorted({start for start in draft.clauses if start < len(draft.tokens)})),
        asks=draft.asks,
        rendering="".join(
            f"{token}/{stem} " for token, stem in zip(draft.tokens, stems, strict=True)
        ),
        last=last,
    )
