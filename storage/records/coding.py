"""A stretch that two people mark on their own, to see how far they agree."""

from dataclasses import dataclass
from datetime import datetime

from consent.model import RecordingId
from storage.records.ids import CodingId, UserId

CODERS = 2
"""How many mark a stretch: the two of the room."""


@dataclass(frozen=True, slots=True)
class Coding:
    """A stretch of one version of the text, to be marked with some keywords of a codebook.

    Attributes:
        codebook: Name and version, such as "conversation@1".
        codes: The keywords that are looked for; whoever marks looks for all of them.
        text_version, text_revision: The text whose turns are marked, as it was corrected up to
            then; whatever becomes of it later, both mark the same turns.
    """

    id: CodingId
    recording: RecordingId
    codebook: str
    codes: tuple[str, ...]
    text_version: int
    text_revision: int
    start_ms: int
    end_ms: int
    begun_by: UserId
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class CodingSheet:
    """What one person has marked of a stretch.

    Attributes:
        marks: Index of a turn and a keyword that holds of it.
        finished_at: From then on it stays as it is, and may be compared.
    """

    coding: CodingId
    by: UserId
    marks: frozenset[tuple[int, str]]
    finished_at: datetime | None = None
