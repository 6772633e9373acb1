"""What people change in a text, each change a value of its own. The machine's text stays as it is.

A word is named by its place in the machine's version, counted from 0 through all its turns: that
version never changes, so a name holds as long as the version is kept. A change also says what it
found, so that it can tell when somebody else has been there before.
"""

from dataclasses import dataclass
from datetime import datetime

from consent.model import RecordingId
from storage.records.ids import CorrectionId, UserId


@dataclass(frozen=True, slots=True)
class WordsReplaced:
    """Other words stand in place of some; none (``new`` empty) where nothing was said."""

    words: tuple[int, ...]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SpeakerSet:
    """The turn that begins with a word is another's, or is now sure to be the same one's."""

    word: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SpeakersSwapped:
    """From the turn that begins with a word to the end, two speakers change places."""

    word: int
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class TurnSplit:
    """A turn of its own begins with a word."""

    word: int


@dataclass(frozen=True, slots=True)
class TurnsMerged:
    """The turn that begins with ``word`` belongs to the one that begins with ``into``."""

    word: int
    into: int


@dataclass(frozen=True, slots=True)
class VersionChosen:
    """This version of the text is the one to show, whatever newer ones there are by now.

    Attributes:
        known: The newest version that there was: a later one is offered again.
    """

    known: int


@dataclass(frozen=True, slots=True)
class Undone:
    """An earlier correction does not count any more."""

    correction: CorrectionId


TextChange = WordsReplaced | SpeakerSet | SpeakersSwapped | TurnSplit | TurnsMerged
Change = TextChange | VersionChosen | Undone


@dataclass(frozen=True, slots=True)
class Correction:
    """What one person did to the text at once: it is undone as a whole.

    Attributes:
        version: Of the text that it is about.
        revision: Counts all corrections of a recording from 1; 0 is before the first.
    """

    id: CorrectionId
    recording: RecordingId
    version: int
    revision: int
    by: UserId
    at: datetime
    changes: tuple[Change, ...]
