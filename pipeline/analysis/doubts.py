"""Text that may never have been said: the known shapes of invented speech. Not here: the display.

Recognizers fill silence with what their training subtitles ended with, and get stuck in loops.
A flag says "listen", never "wrong"; nothing is removed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.analysis.intervals import Interval, intersection, padded, total, union
from pipeline.analysis.language import SpeechLanguage, speech_language, spoken_form
from storage.records import Doubt, Turn

LOOPS = ((1, 5), (2, 4), (3, 3), (4, 3), (5, 3), (6, 3), (7, 3), (8, 3))
"""(words in the loop, times in a row)."""
SAME_LINE, SAME_LINE_WORDS = 3, 3
SPEECH_SHARE, SPEECH_MARGIN_MS = 0.3, 200
WORDS_PER_SECOND, RATE_WORDS = 8.0, 5
UNSURE_PROBABILITY = 0.5

_SENTENCES = re.compile(r"(?<=[.?!…])\s+")


def with_doubts(
    turns: Sequence[Turn], *, speech: Sequence[Interval], language: str
) -> tuple[Turn, ...]:
    """Return the turns with their doubts set.

    Args:
        turns: In order of start.
        speech: Where anybody speaks, from voice activity and not from the recognizer.
        language: Of the conversation: da, sv or en.
    """
    table = speech_language(language)
    end = max((turn.end_ms for turn in turns), default=0) + SPEECH_MARGIN_MS
    heard = padded(speech, by_ms=SPEECH_MARGIN_MS, within=(0, max(end, *(e for _, e in speech), 0)))
    lines = [spoken_form(turn.text) for turn in turns]
    doubted = []
    for at, turn in enumerate(turns):
        doubts = set(turn_doubts(turn, heard=heard, language=table))
        if _said_again(lines, at):
            doubts.add(Doubt.LOOP)
        doubted.append(replace(turn, doubts=frozenset(doubts)))
    return tuple(doubted)


def turn_doubts(
    turn: Turn, *, heard: Sequence[Interval], language: SpeechLanguage
) -> frozenset[Doubt]:
    """Return why one turn, seen alone, may never have been said."""
    said = spoken_form(turn.text).split()
    found = {
        Doubt.LOOP: _loops(said, language),
        Doubt.OVER_SILENCE: _over_silence(turn, heard),
        Doubt.CREDIT_LINE: _credits(turn.text, language),
        Doubt.IMPOSSIBLE_RATE: _too_fast(turn, len(said)),
        Doubt.LOW_CONFIDENCE: _mean_probability(turn) < UNSURE_PROBABILITY,
    }
    return frozenset(doubt for doubt, present in found.items() if present)


def _loops(said: Sequence[str], language: SpeechLanguage) -> bool:
    """Return whether words come round again and again; "yes yes yes" is speech, not a loop."""
    for size, times in LOOPS:
        span = size * times
        for start in range(len(said) - span + 1):
            unit = said[start : start + size]
            if size == 1 and unit[0] in language.backchannels:
                continue
            if list(said[start : start + span]) == list(unit) * times:
                return True
    return False


def _said_again(lines: Sequence[str], at: int) -> bool:
    """Return whether the line is one of three or more equal ones in a row."""
    if len(lines[at].split()) < SAME_LINE_WORDS:
        return False
    first = last = at
    while first > 0 and lines[first - 1] == lines[at]:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1] == lines[at]:
        last += 1
    return last - first + 1 >= SAME_LINE


def _over_silence(turn: Turn, heard: Sequence[Interval]) -> bool:
    """Return whether most of the words lie where nobody was heard."""
    claimed = union((word.start_ms, max(word.end_ms, word.start_ms + 1)) for word in turn.words)
    return bool(claimed) and total(intersection(claimed, heard)) < SPEECH_SHARE * total(claimed)


def _credits(text: str, language: SpeechLanguage) -> bool:
    """Return whether a sentence is a stock line of subtitles."""
    return any(
        language.credit_lines.match(spoken_form(line)) for line in (text, *_SENTENCES.split(text))
    )


def _too_fast(turn: Turn, count: int) -> bool:
    """Return whether nobody can speak so many words in that time."""
    seconds = max(turn.end_ms - turn.start_ms, 1) / 1000
    return count >= RATE_WORDS and count / seconds > WORDS_PER_SECOND


def _mean_probability(turn: Turn) -> float:
    """Return the recognizer's mean probability, 1 for a turn without words."""
    if not turn.words:
        return 1.0
    return sum(word.probability for word in turn.words) / len(turn.words)
