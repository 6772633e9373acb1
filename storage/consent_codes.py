"""Private codes to the consent page, and the short visits that they open.

A code is 80 random bits in the signs of Crockford's base 32, written in four groups. The
database has only its keyed digest: who reads it cannot open the page, and without the key nobody
can try codes against it. A visit is what a browser carries instead of the code; it is signed,
ends by itself, and opens nothing once its code is revoked.

Source: Crockford, "Base 32", crockford.com/base32.html (signs, and how they are misread).
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlmodel import col, select

from consent.model import PersonId, RecordingId
from storage.identity import new_id
from storage.records import CodeHolder, UserId
from storage.tables import ConsentCodeRow, ParticipantRow
from storage.transaction import Transaction
from storage.vault.keys import SiteKey

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 16
_GROUP: Final = 4
_LONGEST_READ: Final = 64
_MISREAD: Final = str.maketrans("OIL", "011", " -–—.\t\r\n")
_VISIT_LASTS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser's leave to see one code's page for a while.

    Attributes:
        token: What the browser carries; it lasts from now on for the time of a visit.
        form_token: What a form of this visit must send back, so that no other site can send it.
    """

    holder: CodeHolder
    token: str
    form_token: str


def issue(tx: Transaction, recording: RecordingId, person: PersonId, *, by: UserId) -> str:
    """Make a code for someone on a recording's roster. It is told this once and not kept.

    Codes that the person has already stay valid, for they are on papers.

    Raises:
        NotFound: The person is not on the roster, or the recording is erased.
    """
    tx.row(ParticipantRow, (recording, person))
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    row = ConsentCodeRow(
        digest=_digest(tx, signs), recording=recording, person=person, made_at=tx.at, made_by=by
    )
    tx.session.add(row)
    tx.session.flush()
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def holder_of(tx: Transaction, untrusted_code: str) -> CodeHolder | None:
    """Return whom a code belongs to, however it was typed; a wrong one costs the same work.

    After erasure a code still has a holder, whose person is gone.
    """
    return _holder(tx, _digest(tx, _as_issued(untrusted_code)))


def revoke(tx: Transaction, recording: RecordingId, person: PersonId) -> None:
    """Let none of a person's codes open anything any more. Visits end too."""
    query = select(ConsentCodeRow).where(
        ConsentCodeRow.recording == recording,
        ConsentCodeRow.person == person,
        col(ConsentCodeRow.revoked_at).is_(None),
    )
    for row in tx.session.exec(query):
        row.revoked_at = tx.at
    tx.session.flush()


def begin_visit(tx: Transaction, untrusted_code: str) -> Visit | None:
    """Return a visit to the page of a code, or None if the code opens nothing."""
    digest = _digest(tx, _as_issued(untrusted_code))
    holder = _holder(tx, digest)
    return _visit(tx, holder, digest=digest, number=new_id()) if holder else None


def go_on(tx: Transaction, untrusted_token: str) -> Visit | None:
    """Return the visit that a browser is on, renewed, or None if it has ended."""
    said, _, mac = untrusted_token.rpartition(".")
    if not hmac.compare_digest(_mac(tx, f"visit|{said}").encode(), mac.encode(errors="replace")):
        return None
    number, digest, ends = said.split(".")
    holder = _holder(tx, digest)
    if holder is None or tx.at.timestamp() >= int(ends):
        return None
    return _visit(tx, holder, digest=digest, number=number)


def is_of_visit(visit: Visit, untrusted_form_token: str) -> bool:
    """Return whether a form was made for this visit."""
    sent = untrusted_form_token.encode(errors="replace")
    return hmac.compare_digest(visit.form_token.encode(), sent)


def _visit(tx: Transaction, holder: CodeHolder, *, digest: str, number: str) -> Visit:
    said = f"{number}.{digest}.{int((tx.at + _VISIT_LASTS).timestamp())}"
    return Visit(
        holder,
        token=f"{said}.{_mac(tx, f'visit|{said}')}",
        form_token=_mac(tx, f"form|{number}|{digest}"),
    )


def _holder(tx: Transaction, digest: str) -> CodeHolder | None:
    row = tx.session.get(ConsentCodeRow, digest)
    if row is None or row.revoked_at is not None:
        return None
    return CodeHolder(RecordingId(row.recording), PersonId(row.person) if row.person else None)


def _as_issued(untrusted_code: str) -> str:
    """Return a code as it was made, whatever a reader's eye and hand did to it."""
    return untrusted_code[:_LONGEST_READ].upper().translate(_MISREAD)


def _digest(tx: Transaction, signs: str) -> str:
    return _mac(tx, f"code|{signs}")


def _mac(tx: Transaction, said: str) -> str:
    key = tx.keys.site_key(SiteKey.CONSENT_CODES)
    return hmac.new(key, said.encode(errors="replace"), hashlib.sha256).hexdigest()
