"""Marking on one's own: who may see whose marks, and when."""

from collections.abc import Collection

from storage.records import CODERS, CodingSheet, UserId


def are_done(sheets: Collection[CodingSheet]) -> bool:
    """Return whether both have finished marking a stretch.

    Args:
        sheets: What there is of that stretch.
    """
    return sum(sheet.finished_at is not None for sheet in sheets) == CODERS


def may_see_marks(reader: UserId, *, sheet: CodingSheet, sheets: Collection[CodingSheet]) -> bool:
    """Return whether somebody may see marks: one's own, the other's once both have finished.

    Who has finished first would else judge with the other's marks in view, and who has not would
    follow them.
    """
    return sheet.by == reader or are_done(sheets)
