"""The transcript as WebVTT (W3C, 2019): one cue for each short stretch of a turn."""

from collections.abc import Iterable, Iterator

from storage.records import Turn, TurnKind, Word

_LONGEST_CUE_MS = 6_000
_MOST_CHARACTERS = 84


def captions(turns: Iterable[Turn]) -> str:
    """Return a WebVTT document of the turns, speakers as voice spans by role."""
    stretches = (
        (turn.speaker, words)
        for turn in turns
        if turn.kind is TurnKind.TURN
        for words in _stretches(turn.words)
    )
    # Where two speak at once, a later turn may begin before the last words of an earlier one.
    in_order = sorted(stretches, key=lambda stretch: stretch[1][0].start_ms)
    cues = (
        f"{_clock(words[0].start_ms)} --> {_clock(max(words[-1].end_ms, words[0].start_ms + 1))}\n"
        f"<v {speaker}>{_escaped(' '.join(word.text for word in words))}\n"
        for speaker, words in in_order
    )
    return "\n".join(("WEBVTT\n", *cues))


def _stretches(words: tuple[Word, ...]) -> Iterator[list[Word]]:
    stretch: list[Word] = []
    for word in words:
        too_long = stretch and (
            word.end_ms - stretch[0].start_ms > _LONGEST_CUE_MS
            or sum(len(w.text) + 1 for w in stretch) + len(word.text) > _MOST_CHARACTERS
        )
        if too_long:
            yield stretch
            stretch = []
        stretch.append(word)
    if stretch:
        yield stretch


def _clock(at_ms: int) -> str:
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
