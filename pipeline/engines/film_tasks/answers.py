"""What confined processes answer, checked before it is kept. Only for the other side."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter

from pipeline.analysis.movement import MOST_BINS, UNKNOWN
from pipeline.engines.joining import JoinHint
from pipeline.engines.picture_quality import PictureHint
from pipeline.engines.probing import Probe

_Level = Annotated[int, Field(ge=0, le=UNKNOWN)]


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """How the sheets of thumbnails lie one after the other, and how each is divided.

    Attributes:
        ends: Where each sheet ends, in bytes from the beginning of the first.
    """

    count: int
    every_ms: int
    width: int
    height: int
    columns: int
    per_sheet: int
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """What a look through the pictures has shown."""

    thumbnails: Thumbnails
    hints: tuple[PictureHint, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Where much moves, as ``analysis.movement`` says it."""

    every_ms: Annotated[int, Field(ge=1)]
    levels: Annotated[tuple[_Level, ...], Field(max_length=MOST_BINS)]


@dataclass(frozen=True, slots=True)
class Looked:
    """All that a look through the pictures gives."""

    quality: Quality
    movement: Moved


@dataclass(frozen=True, slots=True)
class Told:
    """What a person should know about a stretch of a joined film."""

    code: JoinHint
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Joined:
    """How the files of a film were brought together.

    Attributes:
        files: How many they are.
        confidence: Share of the compared moments that agree, 0..1, where there is a recorder.
        begins_s: Where the recorder was at each file's beginning, where its sound was used.
        drift_ppm: By how much the recorder's clock was faster then.
        spread_ms: Half of the agreeing moments lay nearer than this.
    """

    files: int
    hints: tuple[Told, ...]
    confidence: float | None = None
    begins_s: tuple[float, ...] | None = None
    drift_ppm: float | None = None
    spread_ms: float | None = None


JOINED = TypeAdapter(Joined)
LOOKED = TypeAdapter(Looked)
PROBE = TypeAdapter(Probe)
QUALITY = TypeAdapter(Quality)
