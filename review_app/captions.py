"""The transcript as WebVTT (W3C, 2019) or SubRip: one cue for each short stretch of a turn."""

from collections.abc import Iterable, Iterator

from storage.records import Turn, TurnKind, Word

_LONGEST_CUE_MS = 6_000
_MOST_CHARACTERS = 84
_NOBODY_KNOWN = "?"


def captions(turns: Iterable[Turn]) -> str:
    """Return a WebVTT document of the turns, speakers as voice spans by role."""
    cues = (
        f"{_times(words, point='.')}\n<v {speaker}>{_escaped(_text(words))}\n"
        for speaker, words in _cues(turns)
    )
    return "\n".join(("WEBVTT\n", *cues))


def subtitles(turns: Iterable[Turn]) -> str:
    """Return a SubRip document of the turns, the speaker's role, if known, before what is said."""
    cues = (
        f"{number}\n{_times(words, point=',')}\n{_named(speaker)}{_text(words)}\n"
        for number, (speaker, words) in enumerate(_cues(turns), start=1)
    )
    return "\n".join(cues)


def _cues(turns: Iterable[Turn]) -> list[tuple[str, list[Word]]]:
    """Return who says which words, one stretch after another."""
    stretches = (
        (turn.speaker, words)
        for turn in turns
        if turn.kind is TurnKind.TURN
        for words in _stretches(turn.words)
    )
    # Where two speak at once, a later turn may begin before the last words of an earlier one.
    return sorted(stretches, key=lambda stretch: stretch[1][0].start_ms)


def _times(words: list[Word], *, point: str) -> str:
    start_ms = words[0].start_ms
    end_ms = max(words[-1].end_ms, start_ms + 1)
    return f"{_clock(start_ms, point=point)} --> {_clock(end_ms, point=point)}"


def _named(speaker: str) -> str:
    return "" if speaker == _NOBODY_KNOWN else f"{speaker}: "


def _text(words: list[Word]) -> str:
    return " ".join(" ".join(word.text for word in words).split())


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


def _clock(at_ms: int, *, point: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
