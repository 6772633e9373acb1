"""Labeled dialogues: four columns, tab-separated, and turns as the stages read them. No files.

The columns are speaker, phase, labels (with commas, ``-`` for none) and text.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from storage.codebooks.model import LANGUAGES
from storage.dialogues.errors import DialogueInvalid
from storage.dialogues.guide import Label
from storage.records import Turn, Word

SPEAKERS = MappingProxyType({"S": "caseworker", "U": "youth", "M": "parent", "K": "other", "_": ""})
"""Role of each speaker's letter; empty for a line that nobody speaks, such as a pause."""

_COLUMNS = 4
_USUAL_LANGUAGE = "da"
_WORD_MS = 300
_BETWEEN_TURNS_MS = 300
_PAUSE = re.compile(r"(\d{1,3}) ?s")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a labeled dialogue; ``speaker`` is a role, or empty for a pause."""

    speaker: str
    phase: str
    labels: frozenset[Label]
    text: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A labeled conversation."""

    language: str
    lines: tuple[Line, ...]

    @property
    def spoken(self) -> tuple[int, ...]:
        """The places of the lines that somebody speaks."""
        return tuple(place for place, line in enumerate(self.lines) if line.speaker)

    @property
    def borders(self) -> frozenset[int]:
        """Which spoken lines, counted from 0, begin a phase; the first does not count."""
        phases = [self.lines[place].phase for place in self.spoken]
        return frozenset(
            at for at, (before, after) in enumerate(pairwise(phases), start=1) if before != after
        )


def parse_dialogue(untrusted_text: str, *, file: str) -> Dialogue:
    """Return a labeled dialogue.

    Args:
        untrusted_text: The lines.
        file: The file's name; its first two letters are the language, or else it is Danish.

    Raises:
        DialogueInvalid: A line is not as the guide has it; the advice names file and line.
    """
    rows = untrusted_text.removeprefix("\ufeff").splitlines()
    lines = tuple(
        _line(row, file=file, number=number)
        for number, row in enumerate(rows, start=1)
        if row.strip()
    )
    if not any(line.speaker for line in lines):
        raise DialogueInvalid(file=file, line=1, reason="nobody speaks")
    code = file[:2].lower()
    return Dialogue(
        language=code if code in LANGUAGES else _USUAL_LANGUAGE,
        lines=lines,
    )


def turns_of(dialogue: Dialogue) -> tuple[Turn, ...]:
    """Return the turns without their labels, at an even pace; a pause is a silence.

    ``Turn.index`` is the line's place in the dialogue, so that suggestions find back to it.
    """
    turns: list[Turn] = []
    now_ms = 0
    for place, line in enumerate(dialogue.lines):
        if not line.speaker:
            pause = _PAUSE.search(line.text)
            now_ms += int(pause[1]) * 1_000 if pause else 0
            continue
        words = tuple(
            Word(now_ms + at * _WORD_MS, now_ms + (at + 1) * _WORD_MS, text)
            for at, text in enumerate(line.text.split())
        )
        turns.append(
            Turn(
                index=place,
                start_ms=now_ms,
                end_ms=words[-1].end_ms,
                speaker=line.speaker,
                words=words,
            )
        )
        now_ms = words[-1].end_ms + _BETWEEN_TURNS_MS
    return tuple(turns)


def _line(row: str, *, file: str, number: int) -> Line:
    columns = row.split("\t")
    if len(columns) != _COLUMNS:
        reason = f"{len(columns)} columns instead of {_COLUMNS}"
        raise DialogueInvalid(file=file, line=number, reason=reason)
    speaker, phase, labels, text = (column.strip() for column in columns)
    if speaker not in SPEAKERS:
        raise DialogueInvalid(file=file, line=number, reason=f"unknown speaker {speaker!r}")
    if not phase or not text:
        raise DialogueInvalid(file=file, line=number, reason="no phase or no text")
    named = [] if labels == "-" else [label.strip() for label in labels.split(",")]
    for label in named:
        if label not in set(Label):
            raise DialogueInvalid(file=file, line=number, reason=f"unknown label {label!r}")
    return Line(SPEAKERS[speaker], phase, frozenset(map(Label, named)), text)
