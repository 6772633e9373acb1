"""What is held about a recording: names, counts, sizes and dates. Never content.

It is made from the list of erasers, so nothing can be kept that is not listed here too. What is
kept by person is counted for one person only: a number would tell that another has answered.
"""

from typing import Final

from sqlalchemy import Table, func, select
from sqlmodel import SQLModel

from consent.model import PersonId, RecordingId
from storage.erasure import ERASERS
from storage.records import BlobRole, Holding
from storage.transaction import Transaction

_BLOBS: Final = "blobs"
_OWN_ROW: Final = "recordings"
_WITHHELD: Final = frozenset({"concerns", "concern_steps", "holds", "notifications"})
"""A worry about a child is no parent's to read on a page; whoever handles it answers for it."""
_TABLES: Final = tuple(name for name in ERASERS if name not in {_BLOBS, _OWN_ROW, *_WITHHELD})
LISTED: Final = (*BlobRole, _OWN_ROW, *_TABLES)
"""Every name that a holding may have."""
_OF_PEOPLE: Final = frozenset(
    {"participants", "evidence", "evidence_scans", "consent_codes", "access_asks"}
)
TOLD_TO_ALL: Final = frozenset(
    {*_TABLES, *(f"blob.{role}" for role in BlobRole)}
    - _OF_PEOPLE
    - {f"blob.{BlobRole.EVIDENCE_SCAN}"}
)
"""The kinds, as an erasure names them, whose number tells nothing of anybody's answer or worry."""
_MOMENTS: Final = (
    "at",
    "made_at",
    "changed_at",
    "written_at",
    "saved_at",
    "asked_at",
    "invited_at",
)


def holdings_of(
    tx: Transaction, recording: RecordingId, *, person: PersonId
) -> tuple[Holding, ...]:
    """Return what one person's recording holds by kind; of what there is nothing, no line."""
    rows = (_rows(tx, name, recording, person=person) for name in _TABLES)
    own = Holding(_OWN_ROW, count=1)
    return (*_blobs(tx, recording), own, *(found for found in rows if found.count))


def _blobs(tx: Transaction, recording: RecordingId) -> tuple[Holding, ...]:
    table = _table(_BLOBS)
    at = table.c.stored_at
    query = (
        select(table.c.role, func.count(), func.sum(table.c.size), func.min(at), func.max(at))
        .where(table.c.recording == recording)
        .group_by(table.c.role)
    )
    found = {role: each for role, *each in tx.session.connection().execute(query)}
    return tuple(
        Holding(role, count=count, size=int(size), first_at=first, last_at=last)
        for role in BlobRole
        if role in found
        for count, size, first, last in [found[role]]
    )


def _rows(tx: Transaction, name: str, recording: RecordingId, *, person: PersonId) -> Holding:
    table = _table(name)
    at = next((table.c[moment] for moment in _MOMENTS if moment in table.c), None)
    span = () if at is None else (func.min(at), func.max(at))
    query = select(func.count(), *span).select_from(table).where(table.c.recording == recording)
    if "person" in table.c:
        query = query.where(table.c.person == person)
    count, *moments = tx.session.connection().execute(query).one()
    first, last = moments or (None, None)
    return Holding(name, count=count, first_at=first, last_at=last)


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]
