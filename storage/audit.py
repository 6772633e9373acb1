"""The audit log: who did what to which id, and when, as a chain that shows tampering.

Each entry carries an HMAC over itself and the one before, with a key from the key store. The
database refuses changes and deletions; whoever gets around that breaks the chain. Cutting off
its end is seen only by comparing with an entry noted elsewhere.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final

from sqlalchemy import text
from sqlmodel import col, select

from storage.errors import BrokenChain
from storage.plain import check_plain
from storage.records import AuditEntry
from storage.tables import AuditRow
from storage.transaction import Transaction
from storage.vault.keys import SiteKey

_APPENDING: Final = 7410
"""Any number, as long as only appending takes the advisory lock of it."""


def append(
    tx: Transaction,
    *,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, int | str] | None = None,
) -> int:
    """Record an act in the transaction that does it: both are kept, or neither.

    Raises:
        NotPlain: A field holds something else than a number or a short id.

    Returns:
        The entry's place in the log, from 1.
    """
    known = dict(detail or {})
    check_plain({"actor": actor, "action": action, "subject": subject, "detail": known})
    _wait_for_turn(tx)
    last = tx.session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    row = AuditRow(
        seq=last.seq + 1 if last else 1,
        at=tx.at,
        actor=actor,
        action=action,
        subject=subject,
        detail=known,
        previous=last.mac if last else "",
        mac="",
    )
    row.mac = _mac(row, key=tx.keys.site_key(SiteKey.AUDIT))
    tx.session.add(row)
    tx.session.flush()
    return row.seq


def verify(tx: Transaction) -> int:
    """Return how many entries there are, after checking each.

    Raises:
        BrokenChain: An entry was changed, removed or put in. The error names the first.
    """
    key = tx.keys.site_key(SiteKey.AUDIT)
    previous, seq = "", 0
    query = select(AuditRow).order_by(col(AuditRow.seq)).execution_options(yield_per=1000)
    with tx.session.exec(query) as rows:
        for row in rows:
            seq += 1
            sound = hmac.compare_digest(row.mac, _mac(row, key=key))
            if row.seq != seq or row.previous != previous or not sound:
                raise BrokenChain(seq)
            previous = row.mac
    return seq


def end(tx: Transaction) -> AuditEntry | None:
    """Return the last entry, None if there is none."""
    found = tx.session.exec(select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    return _entry(found) if found else None


def entry(tx: Transaction, seq: int) -> AuditEntry:
    """Return the entry at a place in the log.

    Raises:
        NotFound: The log does not reach that far.
    """
    return _entry(tx.row(AuditRow, seq))


def latest(tx: Transaction, action: str) -> AuditEntry | None:
    """Return the last entry of an action, None if there is none."""
    query = select(AuditRow).where(AuditRow.action == action)
    found = tx.session.exec(query.order_by(col(AuditRow.seq).desc()).limit(1)).first()
    return _entry(found) if found else None


def entries_about(tx: Transaction, subject: str) -> tuple[AuditEntry, ...]:
    """Return what was done to an id, in order."""
    query = select(AuditRow).where(AuditRow.subject == subject).order_by(col(AuditRow.seq))
    return tuple(map(_entry, tx.session.exec(query)))


def recent(tx: Transaction, *, limit: int, subject: str = "") -> tuple[AuditEntry, ...]:
    """Return the last entries, the newest first; those about one id if it is named."""
    query = select(AuditRow).order_by(col(AuditRow.seq).desc()).limit(limit)
    if subject:
        query = query.where(AuditRow.subject == subject)
    return tuple(map(_entry, tx.session.exec(query)))


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        detail=row.detail,
        mac=row.mac,
    )


def _wait_for_turn(tx: Transaction) -> None:
    """Let one transaction append at a time. On SQLite there is only one writer anyway."""
    connection = tx.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _APPENDING})


def _mac(row: AuditRow, *, key: bytes) -> str:
    at = row.at.isoformat(timespec="microseconds")
    said = [row.seq, at, row.actor, row.action, row.subject, row.detail, row.previous]
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()
