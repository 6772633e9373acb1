"""Conversations for tests, spoken at an even pace."""

from collections.abc import Sequence

from storage.records import Turn, Word

WORD_MS = 250
BETWEEN_WORDS_MS = 50
BETWEEN_TURNS_MS = 200


def spoken(text: str, *, index: int = 0, speaker: str = "caseworker", start_ms: int = 0) -> Turn:
    words = []
    for word in text.split():
        words.append(Word(start_ms=start_ms, end_ms=start_ms + WORD_MS, text=word))
        start_ms += WORD_MS + BETWEEN_WORDS_MS
    return Turn(
        index=index,
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        speaker=speaker,
        words=tuple(words),
    )


def talk(*lines: tuple[str, str], silences: dict[int, int] | None = None) -> list[Turn]:
    """Return turns from pairs of speaker and text; ``silences`` in ms after a turn."""
    turns: list[Turn] = []
    start_ms = 0
    for index, (speaker, text) in enumerate(lines):
        turns.append(spoken(text, index=index, speaker=speaker, start_ms=start_ms))
        start_ms = turns[-1].end_ms + (silences or {}).get(index, BETWEEN_TURNS_MS)
    return turns


def lines_between(count: int, lines: Sequence[tuple[str, str]], *, at: int) -> list[Turn]:
    """Return the lines inside a conversation of ``count`` turns that mean nothing."""
    filler = [("other", "mm")] * count
    return talk(*filler[:at], *lines, *filler[at:])
