"""What figures of a recording were made from, so that it shows when they no longer fit.

The worker that counts and the page that shows both ask here. What was counted lies in the vault.
"""

from collections.abc import Iterable
from hashlib import sha256

from consent.gate import Permit
from storage import codings
from storage.records import CODERS, Coding, CodingSheet, Tag, Turn, TurnKind, Verdict
from storage.transaction import Transaction

Sheets = tuple[CodingSheet, ...]


def fingerprint(tags: Iterable[Tag], *, text: tuple[int, int], compared: Iterable[Coding]) -> str:
    """Return what changes when a figure may: the text, a verdict, a stretch both have marked.

    Args:
        tags: The keywords of the codebook that figures rest on.
        text: Version and revision of the text.
        compared: The stretches that both have finished marking.
    """
    marks = sorted(
        f"{tag.id}:{tag.verdict}" for tag in tags if tag.verdict is not Verdict.DISMISSED
    )
    parts = [*map(str, text), *marks, *sorted(coding.id for coding in compared)]
    return sha256(";".join(parts).encode()).hexdigest()[:16]


def turns_to_mark(coding: Coding, turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return the turns that begin in a stretch and take the floor: each is marked or is not."""
    return tuple(
        turn
        for turn in turns
        if turn.kind is TurnKind.TURN and coding.start_ms <= turn.start_ms < coding.end_ms
    )


def finished_by_both(tx: Transaction, permit: Permit) -> tuple[tuple[Coding, Sheets], ...]:
    """Return the stretches that both have finished marking, with what each has marked."""
    sheets = [sheet for sheet in codings.sheets_of(tx, permit) if sheet.finished_at is not None]
    found = (
        (coding, tuple(sheet for sheet in sheets if sheet.coding == coding.id))
        for coding in codings.codings_of(tx, permit)
    )
    return tuple((coding, both) for coding, both in found if len(both) == CODERS)
