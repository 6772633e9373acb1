"""What confined processes answer, checked before it is kept. Only for the other side."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from pipeline.engines.picture_quality import PictureHint
from pipeline.engines.probing import Probe


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


PROBE = TypeAdapter(Probe)
QUALITY = TypeAdapter(Quality)
