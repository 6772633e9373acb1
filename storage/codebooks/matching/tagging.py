"""Suggest a codebook's tags where their cues occur. A suggestion points; people judge.

Rules find what they were told to look for and miss the rest: on unrehearsed speech most of it.
So nothing may be counted from suggestions alone, and the absence of one means nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storage.codebooks.matching.compiled import (
    CompiledCodebook,
    CompiledCue,
    CompiledTag,
    compile_codebook,
)
from storage.codebooks.matching.questions import QuestionForm
from storage.codebooks.matching.reading import Reading, read
from storage.codebooks.matching.text_language import text_language
from storage.codebooks.model import Codebook, Cue, QuestionCondition, Severity, Within
from storage.records import Turn, TurnKind

_UNKNOWN_SPEAKER = "?"
_REACH_OF_AFTER = 3


@dataclass(frozen=True, slots=True)
class TagSuggestion:
    """A place where a cue of a tag occurs.

    Attributes:
        codebook: Name and version, such as ``conversation@1``.
        start_ms, end_ms: When the words of the strongest cue were said, or its silence.
        confidence: Noisy-or of the weights of all its cues that hold.
        reason: Id of the strongest cue.
        turn: ``Turn.index`` of the turn.
        words: Place of the first word in the turn, and the place after the last.
    """

    codebook: str
    code: str
    start_ms: int
    end_ms: int
    confidence: float
    reason: str
    turn: int
    words: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A cue that holds in a passage, and the tokens or the silence that show it."""

    cue: Cue
    tokens: tuple[int, int]
    silence: tuple[int, int] | None


def suggest_tags(
    turns: Sequence[Turn],
    codebooks: Iterable[Codebook],
    *,
    language: str,
    readings: tuple[Reading, Reading] | None = None,
) -> tuple[TagSuggestion, ...]:
    """Return suggestions of several codebooks, in order of time.

    Text that was probably never said gets no suggestion, except where a tag is there to
    safeguard: then the words are listed, and the doubt shows at the turn.

    Args:
        turns: The conversation in order of time.
        codebooks: What to look for.
        language: The language spoken.
        readings: The turns as ``read`` gives them, for whoever has read them already.

    Raises:
        CodebookInvalid: A pattern does not follow the cue language.
        LanguageUnknown: There are no tables for that language.
    """
    sentences, wholes = readings or read(turns, language=text_language(language))
    suggestions: list[TagSuggestion] = []
    for codebook in codebooks:
        compiled = compile_codebook(codebook, language=language)
        suggestions.extend(_Search(turns, sentences, wholes, compiled).run())
    return tuple(sorted(suggestions, key=lambda each: (each.start_ms, each.codebook, each.code)))


class _Search:
    """One codebook's search through one conversation."""

    def __init__(
        self,
        turns: Sequence[Turn],
        sentences: Reading,
        wholes: Reading,
        codebook: CompiledCodebook,
    ) -> None:
        self._turns = turns
        self._readings = {Within.SENTENCE: sentences, Within.TURN: wholes}
        self._codebook = codebook
        self._sentences_with: defaultdict[str, set[int]] = defaultdict(set)
        self._turns_with: defaultdict[str, set[int]] = defaultdict(set)

    def run(self) -> Iterator[TagSuggestion]:
        """Yield the suggestions tag by tag, those that others refer to first."""
        for tag in self._codebook.tags:
            for within, reading in self._readings.items():
                yield from self._suggest(tag, within=within, reading=reading)

    def _suggest(
        self, tag: CompiledTag, *, within: Within, reading: Reading
    ) -> Iterator[TagSuggestion]:
        cues = [each for each in tag.cues if each.cue.within is within]
        if not cues:
            return
        places = self._may_hold(tag, reading=reading)
        hits: defaultdict[int, list[_Hit]] = defaultdict(list)
        for compiled in cues:
            for place, hit in self._hits(compiled, places, reading=reading):
                hits[place].append(hit)
        code = tag.tag.code
        for place in sorted(hits):
            confidence = _noisy_or(hits[place])
            turn = reading.passages[place].turn
            if confidence < tag.tag.threshold or self._superfluous(tag, place, turn, within=within):
                continue
            self._turns_with[code].add(turn)
            if within is Within.SENTENCE:
                self._sentences_with[code].add(place)
            yield self._suggestion(code, place, hits[place], confidence, reading=reading)

    def _superfluous(self, tag: CompiledTag, place: int, turn: int, *, within: Within) -> bool:
        if within is Within.TURN:
            return any(turn in self._turns_with[code] for code in (*tag.tag.unless, tag.tag.code))
        return any(place in self._sentences_with[code] for code in tag.tag.unless)

    def _hits(
        self, compiled: CompiledCue, places: frozenset[int], *, reading: Reading
    ) -> Iterator[tuple[int, _Hit]]:
        cue, pattern = compiled.cue, compiled.pattern
        if pattern is not None:
            places = places & reading.index.candidates(pattern.keys)
        for place in sorted(places):
            passage = reading.passages[place]
            tokens: tuple[int, int] | None = (0, len(passage.tokens))
            if pattern is not None:
                tokens = passage.search(pattern)
            if tokens is not None and self._holds(cue, place, reading=reading):
                silence = reading.silence_after(place) if cue.silence_ms else None
                yield place, _Hit(cue=cue, tokens=tokens, silence=silence)

    def _may_hold(self, tag: CompiledTag, *, reading: Reading) -> frozenset[int]:
        """Return where a speaker is heard who is meant, in words that can be trusted."""
        if tag.tag.severity is Severity.SAFEGUARDING:
            return reading.said_by(frozenset({*tag.tag.speakers, _UNKNOWN_SPEAKER}), trusted=False)
        return reading.said_by(frozenset(tag.tag.speakers), trusted=True)

    def _holds(self, cue: Cue, place: int, *, reading: Reading) -> bool:
        """Return whether every condition besides the pattern holds, the cheap ones first."""
        passage = reading.passages[place]
        return (
            cue.min_words <= len(passage.tokens) <= (cue.max_words or len(passage.tokens))
            and cue.position[0] <= reading.position(place) <= cue.position[1]
            and (not cue.after or self._follows(passage.turn, cue.after))
            and (not cue.silence_ms or _is_long(reading.silence_after(place), cue.silence_ms))
            and (cue.question is None or _asks(reading.forms(place), cue.question))
            and (not (cue.echo or cue.shared) or _is_taken_up(cue, *reading.taken_up(place)))
        )

    def _follows(self, turn: int, code: str) -> bool:
        """Return whether the nearest turn of somebody else, not far back, carries a code."""
        speaker = self._turns[turn].speaker
        for before in range(turn - 1, max(-1, turn - 1 - _REACH_OF_AFTER), -1):
            other = self._turns[before]
            if other.kind is TurnKind.TURN and other.speaker != speaker:
                return before in self._turns_with[code]
        return False

    def _suggestion(
        self, code: str, place: int, hits: Sequence[_Hit], confidence: float, *, reading: Reading
    ) -> TagSuggestion:
        passage = reading.passages[place]
        turn = self._turns[passage.turn]
        strongest = max(hits, key=lambda hit: hit.cue.weight)
        first, end = passage.words(*strongest.tokens)
        start_ms, end_ms = strongest.silence or (
            turn.words[first].start_ms,
            turn.words[end - 1].end_ms,
        )
        return TagSuggestion(
            codebook=self._codebook.name,
            code=code,
            start_ms=start_ms,
            end_ms=max(end_ms, start_ms + 1),
            confidence=round(confidence, 3),
            reason=strongest.cue.id,
            turn=turn.index,
            words=(first, end),
        )


def _noisy_or(hits: Iterable[_Hit]) -> float:
    """Return how sure independent reasons are together."""
    doubt = 1.0
    for hit in hits:
        doubt *= 1.0 - hit.cue.weight
    return 1.0 - doubt


def _is_long(silence: tuple[int, int] | None, least_ms: int) -> bool:
    return silence is not None and silence[1] - silence[0] >= least_ms


def _is_taken_up(cue: Cue, shared: int, echo: float) -> bool:
    return shared >= cue.shared and echo >= cue.echo


def _asks(forms: frozenset[QuestionForm], condition: QuestionCondition) -> bool:
    match condition:
        case QuestionCondition.NO:
            return not forms
        case QuestionCondition.ANY:
            return bool(forms)
        case QuestionCondition.OPEN:
            return QuestionForm.OPEN in forms
        case QuestionCondition.CLOSED:
            return QuestionForm.CLOSED in forms
