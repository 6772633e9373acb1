"""The small speech model and the sample recording that let Samspil run with nothing to download.

Here live the places of both, and the sample's true script. The model hears synthetic Danish voices
only; it is for tests and demonstrations and useless for people (see recipe/RECIPE.md). How both
were made lives in recipe/, which nothing imports.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

MODEL_DIR = Path(__file__).with_name("model")
"""The speech model, in the form that faster-whisper loads."""

SAMPLE = Path(__file__).with_name("sample") / "conversation.mp4"
"""A conversation of about four minutes between two synthetic voices, with a drawn picture."""


class SampleRole(StrEnum):
    """Who speaks."""

    CASEWORKER = "caseworker"
    YOUTH = "youth"


class Phase(StrEnum):
    """The parts of the sample conversation, in their order."""

    OPENING = "opening"
    AGENDA = "agenda"
    RIGHTS = "rights"
    EXPLORATION = "exploration"
    WORRY = "worry"
    DECISION = "decision"
    SUMMARY = "summary"
    CLOSING = "closing"


class Label(StrEnum):
    """What a line was written to be an example of."""

    OPENING = "opening"
    AGENDA = "agenda"
    RIGHTS = "rights"
    JARGON = "jargon"
    EXPLANATION = "explanation"
    OPEN_QUESTION = "open_question"
    CLOSED_QUESTION = "closed_question"
    REFLECTION = "reflection"
    AFFIRMATION = "affirmation"
    INVOLVEMENT = "involvement"
    WORRY = "worry"
    CHECK_UNDERSTANDING = "check_understanding"
    SUMMARY = "summary"
    CLOSING = "closing"
    BACKCHANNEL = "backchannel"


@dataclass(frozen=True, slots=True)
class SampleWord:
    """A word as written, punctuation included, and when it sounds."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One sentence of the sample, as it was really spoken."""

    role: SampleRole
    start_ms: int
    end_ms: int
    text: str
    phase: Phase
    labels: frozenset[Label]
    words: tuple[SampleWord, ...]


@dataclass(frozen=True, slots=True)
class SampleSpeaker:
    """A synthetic voice and the name it goes by in the conversation."""

    name: str
    voice: str


@dataclass(frozen=True, slots=True)
class SampleScript:
    """The truth about the sample: who says what, when and to what end."""

    language: str
    duration_ms: int
    speakers: Mapping[SampleRole, SampleSpeaker]
    lines: tuple[SampleLine, ...]


@cache
def sample_script() -> SampleScript:
    """Return the true script of the sample, in order of start."""
    data = json.loads(SAMPLE.with_suffix(".json").read_text("utf-8"))
    return SampleScript(
        language=data["language"],
        duration_ms=data["duration_ms"],
        speakers={SampleRole(role): SampleSpeaker(**who) for role, who in data["speakers"].items()},
        lines=tuple(
            SampleLine(
                role=SampleRole(line["role"]),
                start_ms=line["start_ms"],
                end_ms=line["end_ms"],
                text=line["text"],
                phase=Phase(line["phase"]),
                labels=frozenset(map(Label, line["labels"])),
                words=tuple(SampleWord(*word) for word in line["words"]),
            )
            for line in data["lines"]
        ),
    )


def plain_words(text: str) -> list[str]:
    """Return the words of a text without case and punctuation, as word error rates compare them."""
    return re.sub(r"[^\w\s'-]", " ", text.lower()).split()


def words_of_script() -> list[str]:
    """Return every word of the sample in order, ready to be compared with what was recognised."""
    return [word for line in sample_script().lines for word in plain_words(line.text)]
