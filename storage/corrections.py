"""Corrections of the text, as they are kept: only added to, sealed, in the order they were made."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from sqlmodel import col, func, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.identity import new_id
from storage.records import (
    Change,
    Correction,
    CorrectionId,
    SpeakerSet,
    SpeakersSwapped,
    TurnsMerged,
    TurnSplit,
    Undone,
    UserId,
    VersionChosen,
    WordsReplaced,
)
from storage.tables import CorrectionRow, RecordingRow
from storage.transaction import Transaction

_KINDS: Final[Mapping[str, type[Change]]] = {
    "words_replaced": WordsReplaced,
    "speaker_set": SpeakerSet,
    "speakers_swapped": SpeakersSwapped,
    "turn_split": TurnSplit,
    "turns_merged": TurnsMerged,
    "version_chosen": VersionChosen,
    "undone": Undone,
}
_NAMES: Final[Mapping[type[Change], str]] = {kind: name for name, kind in _KINDS.items()}


def hold_for_correcting(tx: Transaction, permit: Permit) -> None:
    """Let nobody else correct this text until the transaction ends."""
    tx.row(RecordingRow, permit.recording, lock=True)


def add_correction(
    tx: Transaction, permit: Permit, changes: Iterable[Change], *, version: int, by: UserId
) -> Correction:
    """Keep what somebody has just changed in a version of the text."""
    recording = permit.recording
    hold_for_correcting(tx, permit)
    latest = select(func.max(CorrectionRow.revision)).where(CorrectionRow.recording == recording)
    id_ = new_id()
    written = [{"change": _NAMES[type(change)], **asdict(change)} for change in changes]
    row = CorrectionRow(
        id=id_,
        recording=recording,
        version=version,
        revision=(tx.session.exec(latest).one() or 0) + 1,
        by=by,
        at=tx.at,
        sealed_text=tx.seal(json.dumps(written), recording=recording, place=_place(id_)),
    )
    tx.session.add(row)
    tx.session.flush()
    return _correction(tx, row)


def corrections_of(tx: Transaction, permit: Permit) -> tuple[Correction, ...]:
    """Return all corrections of a recording's text, of every version, in order."""
    query = select(CorrectionRow).where(CorrectionRow.recording == permit.recording)
    rows = tx.session.exec(query.order_by(col(CorrectionRow.revision)))
    return tuple(_correction(tx, row) for row in rows)


def _correction(tx: Transaction, row: CorrectionRow) -> Correction:
    recording = RecordingId(row.recording)
    written = tx.unseal(row.sealed_text, recording=recording, place=_place(row.id))
    return Correction(
        id=CorrectionId(row.id),
        recording=recording,
        version=row.version,
        revision=row.revision,
        by=UserId(row.by),
        at=row.at,
        changes=tuple(map(_change, json.loads(written))),
    )


def _change(written: dict[str, Any]) -> Change:
    kind: Callable[..., Change] = _KINDS[written.pop("change")]
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in written.items()})


def _place(id_: str) -> str:
    return f"corrections/{id_}"
