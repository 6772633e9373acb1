"""From subtitles that somebody has written to words and turns, as recognition would give them."""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.analysis.attribution import SAME_TURN_MS
from pipeline.analysis.roles import UNSURE
from storage.records import Turn, Word
from storage.subtitles import Cue, Voice


def names_voices(cues: Iterable[Cue]) -> bool:
    """Return whether a text says of anything who has said it."""
    return any(cue.speaker != Voice.UNKNOWN for cue in cues)


def words_of(cue: Cue) -> tuple[Word, ...]:
    """Return the words of a cue, its time shared among them by their length.

    Each lasts a millisecond at least, so a crowded cue may end later than it says.
    """
    texts = cue.text.split()
    ends = list(_running(len(text) + 1 for text in texts))
    length_ms = cue.end_ms - cue.start_ms
    words: list[Word] = []
    at_ms = cue.start_ms
    for text, end in zip(texts, ends, strict=True):
        until_ms = max(at_ms + 1, cue.start_ms + length_ms * end // ends[-1])
        words.append(Word(at_ms, until_ms, text))
        at_ms = until_ms
    return tuple(words)


def turns_of(cues: Sequence[Cue]) -> tuple[Turn, ...]:
    """Return who says what, in order of start.

    A turn lasts until somebody else speaks or nobody does for three seconds.
    """
    runs: list[tuple[str, list[Word]]] = []
    for cue in sorted(cues, key=lambda cue: cue.start_ms):
        words = words_of(cue)
        goes_on = (
            bool(runs)
            and runs[-1][0] == cue.speaker
            and cue.start_ms - runs[-1][1][-1].end_ms < SAME_TURN_MS
        )
        if goes_on:
            runs[-1][1].extend(words)
        else:
            runs.append((cue.speaker, list(words)))
    return tuple(
        Turn(
            index=index,
            start_ms=words[0].start_ms,
            end_ms=max(word.end_ms for word in words),
            speaker=UNSURE if speaker == Voice.UNKNOWN else speaker,
            words=tuple(words),
        )
        for index, (speaker, words) in enumerate(runs)
    )


def _running(lengths: Iterable[int]) -> Iterator[int]:
    total = 0
    for length in lengths:
        total += length
        yield total
