"""What can be wrong with the words of a cue. Each says what to write instead."""

from storage.errors import StorageError


class PatternInvalid(StorageError):
    """The words to look for cannot be read.

    Attributes:
        piece: What it is about, as it was written; empty if it is the whole.
    """

    def __init__(self, piece: str = "") -> None:
        self.piece = piece
        what = (type(self).__doc__ or "").partition("\n")[0]
        super().__init__(f"'{piece}': {what}" if piece else what)


class OutsideBracket(PatternInvalid):
    """A | or a ) stands outside a bracket."""

    advice = "Put the choices in a bracket, such as (one|other)."


class BracketOpen(PatternInvalid):
    """A bracket is not closed."""

    advice = "Write ) after the last choice."


class PartEmpty(PatternInvalid):
    """There are no words where some are needed."""

    advice = "Write at least one word, in a bracket one on each side of every |."


class EdgeInside(PatternInvalid):
    """The sign for the beginning or the end stands in the middle."""

    advice = "^ may only come first, and $ only last."


class GapLast(PatternInvalid):
    """Nothing follows a gap."""

    advice = "Write the word that comes after the gap."


class GapTooLong(PatternInvalid):
    """A gap is of one to twelve words."""

    advice = "Write how many words may come between at most, such as ..4."


class WordUnreadable(PatternInvalid):
    """This is no word."""

    advice = "Words have letters, digits, - and '. Besides them there are only ( | ) .. ~ * ? ^ $."


class SignsMixed(PatternInvalid):
    """Only one of ~ and * fits a word."""

    advice = "Write ~word for all its forms, word* for how it begins or *word for how it ends."


class NothingNeeded(PatternInvalid):
    """Every part may be left out, so it would be found everywhere."""

    advice = "Take the ? from at least one part."


class PatternTooLong(PatternInvalid):
    """This is longer than 300 characters."""

    advice = "Make two cues of it."


class TooManyWays(PatternInvalid):
    """It can be read in so many ways that looking for it would take very long."""

    advice = "Use fewer gaps, choices and words that may be left out, or make two cues of it."
