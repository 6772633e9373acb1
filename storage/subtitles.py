"""Subtitles as somebody else has written them: WebVTT and SubRip files into cues. Pure.

Whatever has words in it is either taken over or named with its line; nothing is passed over in
silence. Of the libraries that read such files none does both. Names stay in the file: whoever
hands it in says what each speaker is to the conversation, and only that is kept.

Source: W3C, WebVTT: The Web Video Text Tracks Format (2019), section 4.
"""

import html
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from storage.errors import (
    SubtitlesEmpty,
    SubtitlesUnreadable,
    SubtitleTimeUnreadable,
    TextWithoutTime,
    TimeRunsBackwards,
)

LARGEST_FILE = 8 * 1024 * 1024
_LINE_END = re.compile(r"\r\n|\n|\r")
_CLOCK = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_ARROW = "-->"
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>|</v>")
_STYLING = re.compile(
    r"</?(?:[biu]|s|c|ruby|rt|font|lang)(?:[.\s][^>]*)?>|<[\d:.]+>|\{\\an?\d+\}", re.IGNORECASE
)
_PREFIX = re.compile(r"\[?([^\W_][^:.?!,;\[\]<>]{0,39}?)\]?:\s+(?=\S)")
_NUMBERED_VOICE = re.compile(r"(?:S|SPEAKER|VOICE|TALER|TALARE)[ _-]?\d{1,3}", re.IGNORECASE)
_MOST_WORDS_OF_A_NAME = 4


class SubtitleKind(StrEnum):
    """How a file of subtitles is written."""

    VTT = "vtt"
    SRT = "srt"


class Voice(StrEnum):
    """What a speaker named in a file is to the conversation."""

    CASEWORKER = "caseworker"
    YOUTH = "youth"
    PARENT = "parent"
    OTHER = "other"
    UNKNOWN = "unknown"
    NO_SPEAKER = "no_speaker"
    """The label belongs to what was said."""


_ROLE_WORDS = {
    Voice.CASEWORKER: (
        *("caseworker", "interviewer", "social worker", "rådgiver", "socialrådgiver"),
        *("sagsbehandler", "socialsekreterare", "handläggare", "intervjuare"),
    ),
    Voice.YOUTH: ("youth", "young", "child", "ung", "den unge", "barn", "pige", "dreng", "elev"),
    Voice.PARENT: (
        *("parent", "mother", "father", "mum", "dad", "forælder", "mor", "far", "plejemor"),
        *("plejefar", "förälder", "mamma", "pappa", "vårdnadshavare"),
    ),
    Voice.OTHER: (
        *("other", "interpreter", "support", "tolk", "bisidder", "stödperson", "lærer", "lärare"),
    ),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands in a file between two times.

    Attributes:
        speaker: As the file names them; empty if it names nobody.
    """

    start_ms: int
    end_ms: int
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Subtitles:
    """What a file says."""

    kind: SubtitleKind
    cues: tuple[Cue, ...]

    @property
    def speakers(self) -> tuple[str, ...]:
        """The speakers as the file names them, in the order in which they are first heard."""
        return tuple(dict.fromkeys(cue.speaker for cue in self.cues if cue.speaker))

    def spoken_by(self, voices: Sequence[Voice]) -> tuple[Cue, ...]:
        """Return the cues with what each speaker is in place of how the file names them.

        Args:
            voices: One for each of the speakers, in their order.

        Raises:
            ValueError: There are more or fewer than speakers.
        """
        known = {"": Voice.UNKNOWN, **dict(zip(self.speakers, voices, strict=True))}
        return tuple(_as_spoken(cue, known[cue.speaker]) for cue in self.cues)


def guess(speaker: str) -> Voice:
    """Return what a speaker is, by the label alone; unknown where it tells nothing."""
    label = re.sub(r"[\W\d_]+", " ", speaker).strip().casefold()
    for voice, words in _ROLE_WORDS.items():
        if label in words or any(label.startswith(f"{word} ") for word in words):
            return voice
    return Voice.UNKNOWN


def read_subtitles(untrusted: bytes) -> Subtitles:
    """Return what a file of subtitles says, whatever its encoding.

    Raises:
        SubtitlesUnreadable: It is no text, or larger than eight megabytes.
        SubtitlesEmpty: It has no subtitles in it.
        SubtitleTimeUnreadable: The times of a line cannot be read.
        TimeRunsBackwards: A subtitle ends before it begins.
        TextWithoutTime: There are words to which no time belongs.
    """
    lines = _LINE_END.split(_decoded(untrusted))
    vtt = lines[0].startswith("WEBVTT")
    kind = SubtitleKind.VTT if vtt else SubtitleKind.SRT
    cues = tuple(
        replace(part, text=" ".join(_words_of(part.text, kind=kind).split()))
        for block in (_vtt_blocks(lines) if vtt else _blocks(lines))
        for part in _parts(block)
    )
    named = _with_prefixes([cue for cue in cues if cue.text])
    if not named:
        raise SubtitlesEmpty
    return Subtitles(kind, tuple(sorted(named, key=lambda cue: cue.start_ms)))


def _decoded(untrusted: bytes) -> str:
    """Return the text of a file from any editor: UTF-8, UTF-16 or Windows-1252."""
    if len(untrusted) > LARGEST_FILE:
        raise SubtitlesUnreadable
    wide = untrusted.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = untrusted.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
            return text
    raise SubtitlesUnreadable


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines under one line of times."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def _vtt_blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """Yield the cues of a WebVTT file, whose cues may have any name, and which has more than cues.

    Its header ends at an empty line; comments, styles and regions are paragraphs of their own.
    """
    only = list(lines)
    in_header = True
    for at, line in enumerate(lines):
        in_header = in_header and bool(line.strip()) and not _is_times(line)
        if in_header:
            only[at] = ""
        elif _NO_CUE.match(line) and not _heads(lines, at):
            end = _end_of_paragraph(lines, at)
            only[at:end] = [""] * (end - at)
        elif _heads(lines, at) and not _is_times(line) and not lines[at - 1].strip():
            only[at] = "0"
    yield from _blocks(only)


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """Yield what stands under each line of times; a missing empty line before it is forgiven."""
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
        else:
            at += lines[at].strip().isdecimal()  # the cue's number
            start_ms, end_ms = _times(lines, at)
            end = _end_of_cue(lines, at + 1)
            yield _Block(start_ms, end_ms, tuple(lines[at + 1 : end]))
            at = end


def _times(lines: Sequence[str], at: int) -> tuple[int, int]:
    if at >= len(lines) or not _is_times(lines[at]):
        is_text = at < len(lines) and lines[at].strip()
        raise TextWithoutTime(line=at + 1 if is_text else at)
    found = _TIMES.fullmatch(lines[at])
    if found is None:
        raise SubtitleTimeUnreadable(line=at + 1)
    numbers = found.groups(default="0")
    start_ms, end_ms = _ms(numbers[:4]), _ms(numbers[4:])
    if end_ms < start_ms:
        raise TimeRunsBackwards(line=at + 1)
    return start_ms, max(end_ms, start_ms + 1)


def _ms(parts: Sequence[str]) -> int:
    hours, minutes, seconds = (int(part) for part in parts[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(parts[3].ljust(3, "0"))


def _is_times(line: str) -> bool:
    return _ARROW in line


def _heads(lines: Sequence[str], at: int) -> bool:
    """Return whether a line is the number or name of a cue."""
    return at + 1 < len(lines) and _is_times(lines[at + 1])


def _end_of_paragraph(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and lines[at].strip() and not _heads(lines, at):
        at += 1
    return at


def _end_of_cue(lines: Sequence[str], at: int) -> int:
    """Return where a cue's lines end: at an empty line, other times, or the number before them."""
    while at < len(lines) and lines[at].strip() and not _is_times(lines[at]):
        if lines[at].strip().isdecimal() and _heads(lines, at):
            break
        at += 1
    return at


def _parts(block: _Block) -> Iterator[Cue]:
    """Yield who says what in one cue, sharing its time by the length of what is said."""
    said: list[tuple[str, str]] = []
    for line in block.lines:
        place, speaker = 0, said[-1][0] if said else ""
        for tag in _VOICE.finditer(line):
            said.append((speaker, line[place : tag.start()]))
            place, speaker = tag.end(), (tag[1] or "").strip()
        said.append((speaker, line[place:]))
    said = _together([(who, text) for who, text in said if text.strip()])
    begun, whole = 0, sum(len(text) for _, text in said)
    length_ms = block.end_ms - block.start_ms
    for who, text in said:
        start_ms = block.start_ms + length_ms * begun // whole
        begun += len(text)
        yield Cue(start_ms, block.start_ms + length_ms * begun // whole, who, text)


def _together(said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join the lines of one voice, save where another may be named at a line's beginning."""
    joined: list[tuple[str, str]] = []
    for who, text in said:
        if joined and joined[-1][0] == who and not _PREFIX.match(text):
            joined[-1] = (who, f"{joined[-1][1]} {text}")
        else:
            joined.append((who, text))
    return joined


def _words_of(text: str, *, kind: SubtitleKind) -> str:
    """Return the words of a cue without its styling; what only looks like a tag was said."""
    plain = _STYLING.sub("", text)
    return html.unescape(plain) if kind is SubtitleKind.VTT else plain


def _with_prefixes(cues: Sequence[Cue]) -> Iterable[Cue]:
    """Take the speaker from "S00: yes" where the words before the colon are used as a name.

    They are where they come back, name a role or a numbered voice, or repeat the voice's tag.
    """
    prefixes = [_PREFIX.match(cue.text) for cue in cues]
    often = Counter(found[1].strip() for found in prefixes if found)
    named = []
    for cue, found in zip(cues, prefixes, strict=True):
        label = found[1].strip() if found else ""
        if found and label and (cue.speaker in {"", label}) and _names_someone(label, often):
            named.append(replace(cue, speaker=label, text=cue.text[found.end() :]))
        else:
            named.append(cue)
    return named


def _names_someone(label: str, often: Counter[str]) -> bool:
    if len(label.split()) > _MOST_WORDS_OF_A_NAME:
        return False
    known = _NUMBERED_VOICE.fullmatch(label) or guess(label) is not Voice.UNKNOWN
    return bool(known) or often[label] > 1


def _as_spoken(cue: Cue, voice: Voice) -> Cue:
    if voice is Voice.NO_SPEAKER:
        return replace(cue, speaker=Voice.UNKNOWN, text=f"{cue.speaker}: {cue.text}")
    return replace(cue, speaker=voice)
