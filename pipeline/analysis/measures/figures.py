"""What a measure is made of: a value with its range, what it rests on, and where to see it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from storage.records import Turn, TurnKind

CASEWORKER: Final = "caseworker"
YOUTH: Final = "youth"
UNKNOWN: Final = "?"
LEAST_MS: Final = 300_000
LEAST_TURNS: Final = 20
"""Below five minutes or twenty turns no share or median says anything of a conversation."""
_DOUBTFUL_WORD: Final = 0.5
_DOUBTFUL_SPEAKER: Final = 0.6
_MOST_SPEAKER_DOUBT: Final = 0.2
_MOST_TEXT_DOUBT: Final = 1 / 3


class Measure(StrEnum):
    """The measures by what they look at; the page has the words for each."""

    TALK_SHARE = "talk_share"
    TEMPO = "tempo"
    LONG_TURNS = "long_turns"
    PAUSE_BEFORE_YOUTH = "pause_before_youth"
    PAUSE_BEFORE_CASEWORKER = "pause_before_caseworker"
    SILENCE_LEFT = "silence_left"
    OPEN_QUESTIONS = "open_questions"
    REFLECTIONS = "reflections"
    OWN_WORDS = "own_words"
    LONG_WORDS = "long_words"
    JARGON = "jargon"
    QUESTION_RUNS = "question_runs"
    YOUTH_SHARE = "youth_share"


class Withheld(StrEnum):
    """Why no value is shown."""

    TOO_SHORT = "too_short"
    TOO_FEW = "too_few"
    SPEAKERS_DOUBTFUL = "speakers_doubtful"
    TEXT_DOUBTFUL = "text_doubtful"
    ONE_IS_SILENT = "one_is_silent"
    ONLY_TWO = "only_two"


class Needs(StrEnum):
    """What must be sure enough for a measure to be shown."""

    SPEAKERS = "speakers"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in the film that a figure rests on.

    Attributes:
        words: What was said there that counts; empty where no single words do.
    """

    start_ms: int
    end_ms: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """A value and the interval in which 95 of 100 like samples of this talk would put it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one conversation.

    Attributes:
        range: None where it is withheld; then ``withheld`` says why.
        n: How many cases it rests on: stretches, pauses, marks or turns.
        needed: Fewer cases than this are too few.
        moments: Where to see it, by time.
    """

    measure: Measure
    range: Range | None
    n: int
    needed: int
    withheld: Withheld | None = None
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """How far the text that everything rests on can be trusted.

    Attributes:
        minutes: From the first word to the last.
        doubtful_words: Share of words that the recognizer doubts or that may never have been
            said, 0..1.
        doubtful_speakers: Share of the speaking time in turns whose speaker is unsure, 0..1.
        speaker_confidence: Mean confidence in the speakers, weighted by time, 0..1.
    """

    minutes: float
    turns: int
    words: int
    doubtful_words: float
    doubtful_speakers: float
    speaker_confidence: float

    def objection(self, *needs: Needs) -> Withheld | None:
        """Return why nothing that needs this much can be shown, if so."""
        if self.minutes * 60_000 < LEAST_MS or self.turns < LEAST_TURNS:
            return Withheld.TOO_SHORT
        if Needs.SPEAKERS in needs and self.doubtful_speakers > _MOST_SPEAKER_DOUBT:
            return Withheld.SPEAKERS_DOUBTFUL
        if Needs.TEXT in needs and self.doubtful_words > _MOST_TEXT_DOUBT:
            return Withheld.TEXT_DOUBTFUL
        return None


def floor_turns(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns that take the floor; a backchannel is no turn."""
    return tuple(turn for turn in turns if turn.kind is TurnKind.TURN and turn.words)


def quality_of(turns: tuple[Turn, ...]) -> Quality:
    """Return how far a text can be trusted."""
    taken = floor_turns(turns)
    words = [(word, bool(turn.doubts)) for turn in taken for word in turn.words]
    spoken = [(turn.end_ms - turn.start_ms, turn) for turn in taken]
    time = sum(length for length, _ in spoken) or 1
    doubtful = sum(word.probability < _DOUBTFUL_WORD or doubted for word, doubted in words)
    unsure = sum(
        length
        for length, turn in spoken
        if turn.speaker == UNKNOWN or turn.speaker_confidence < _DOUBTFUL_SPEAKER
    )
    sure = sum(length * turn.speaker_confidence for length, turn in spoken)
    span_ms = taken[-1].end_ms - taken[0].start_ms if taken else 0
    return Quality(
        minutes=span_ms / 60_000,
        turns=len(taken),
        words=len(words),
        doubtful_words=doubtful / max(1, len(words)),
        doubtful_speakers=unsure / time,
        speaker_confidence=sure / time,
    )


def withheld(measure: Measure, why: Withheld, *, n: int = 0, needed: int = 0) -> Figure:
    """Return a measure without its value."""
    return Figure(measure, None, n, needed, why)


def by_time(moments: list[Moment]) -> tuple[Moment, ...]:
    """Return moments in the order of the film."""
    return tuple(sorted(moments, key=lambda moment: (moment.start_ms, moment.end_ms)))
