"""Certificates of erasure: what anyone may be shown as proof, without a word about a person."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from consent.model import RecordingId
from storage import audit
from storage.anchors import ERASED, first_at_or_after
from storage.erasure import HELD, erasure_of
from storage.errors import CertificateFalse, NotFound
from storage.holdings import TOLD_TO_ALL
from storage.home import Home
from storage.records import Anchor, Certificate, ErasureReason
from storage.transaction import Transaction
from storage.vault.keys import SiteKey


def certificate_of(home: Home, recording: RecordingId) -> Certificate:
    """Return the certificate of a recording's erasure, signed with the site's proof key.

    It says the same each time, but for an anchor or a rotation that has come since.

    Raises:
        NotFound: The recording is not erased, or its erasure has not ended.
        ProofBroken: The anchors have been changed, so nothing is certified by them.
    """
    with home.reading() as tx:
        erased = erasure_of(tx, recording)
        entries = [e for e in audit.entries_about(tx, recording) if e.action == ERASED]
        if not entries or erased.key_destroyed_at is None or erased.completed_at is None:
            raise NotFound(f"the erasure of {recording} has not ended")
        entry = entries[0]
        certificate = Certificate(
            recording=recording,
            because=erased.because,
            asked_at=erased.asked_at,
            key_destroyed_at=erased.key_destroyed_at,
            completed_at=erased.completed_at,
            keys_rotated_at=erased.keys_rotated_at,
            holdings=_holdings(entry.detail),
            seq=entry.seq,
            entry_mac=entry.mac,
            anchor=first_at_or_after(home.proof, entry.seq),
        )
        return replace(certificate, mac=_mac(tx, certificate))


def verify_certificate(tx: Transaction, certificate: Certificate) -> None:
    """Check that a certificate was made here and that the audit log says what it says.

    Check the log itself first (``storage.anchors.verify``).

    Raises:
        CertificateFalse: It was changed, or the log says something else.
    """
    if not hmac.compare_digest(certificate.mac.encode(), _mac(tx, certificate).encode()):
        raise CertificateFalse("its signature does not fit")
    try:
        entry = audit.entry(tx, certificate.seq)
        erased = erasure_of(tx, certificate.recording)
    except NotFound as error:
        raise CertificateFalse("the log does not have its entry") from error
    said = (ERASED, certificate.recording, certificate.entry_mac, certificate.holdings)
    if (entry.action, entry.subject, entry.mac, _holdings(entry.detail)) != said:
        raise CertificateFalse("its entry in the log is another one")
    if (erased.because, erased.completed_at) != (certificate.because, certificate.completed_at):
        raise CertificateFalse("the recording was erased otherwise")


def certificate_to_json(certificate: Certificate) -> str:
    """Return a certificate as a document that a person and a program can read."""
    said = _plainly(certificate)
    said["holdings"] = dict(certificate.holdings)
    return json.dumps({"samspil": "certificate of erasure", **said}, indent=2)


def certificate_from_json(untrusted: str | bytes) -> Certificate:
    """Return the certificate that a document says it is; whether it is true is to be verified.

    Raises:
        CertificateFalse: It is no certificate.
    """
    try:
        said: dict[str, Any] = json.loads(untrusted)
        anchor = said["anchor"]
        rotated = said["keys_rotated_at"]
        return Certificate(
            recording=RecordingId(str(said["recording"])),
            because=ErasureReason(said["because"]),
            asked_at=datetime.fromisoformat(said["asked_at"]),
            key_destroyed_at=datetime.fromisoformat(said["key_destroyed_at"]),
            completed_at=datetime.fromisoformat(said["completed_at"]),
            keys_rotated_at=datetime.fromisoformat(rotated) if rotated else None,
            holdings=tuple(sorted((str(k), int(n)) for k, n in said["holdings"].items())),
            seq=int(said["seq"]),
            entry_mac=str(said["entry_mac"]),
            anchor=Anchor(**{**anchor, "day": date.fromisoformat(anchor["day"])})
            if anchor
            else None,
            mac=str(said["mac"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CertificateFalse("it cannot be read") from error


def _holdings(detail: Mapping[str, int | str]) -> tuple[tuple[str, int], ...]:
    """Return what may be told to anyone in the film: the log itself also counts the rest."""
    counts = {
        field.removeprefix(HELD): int(count)
        for field, count in detail.items()
        if field.startswith(HELD)
    }
    return tuple(sorted((kind, n) for kind, n in counts.items() if kind in TOLD_TO_ALL))


def _plainly(certificate: Certificate) -> dict[str, Any]:
    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        return value.isoformat() if isinstance(value, (date, datetime)) else value

    return {key: plain(value) for key, value in asdict(certificate).items()}


def _mac(tx: Transaction, certificate: Certificate) -> str:
    said = json.dumps(_plainly(replace(certificate, mac="")), sort_keys=True)
    key = tx.keys.site_key(SiteKey.PROOF)
    return hmac.new(key, b"certificate\n" + said.encode(), hashlib.sha256).hexdigest()
