"""Versions of the text, and how words and turns are written as documents.

The documents lie in the vault: storage.media reads and writes them. Here is which there are.
"""

import json
from collections.abc import Iterable

from sqlmodel import col, func, select

from consent.gate import Permit
from consent.model import RecordingId
from storage.errors import NotFound
from storage.identity import new_id
from storage.records import Doubt, TranscriptId, TranscriptVersion, Turn, TurnKind, Word
from storage.tables import RecordingRow, TranscriptRow
from storage.transaction import Transaction

_Parts = tuple[int, int, str, float]


def add_transcript(
    tx: Transaction,
    permit: Permit,
    *,
    blob_key: str,
    engine: str,
    language: str,
    rehearsal: bool,
) -> tuple[TranscriptId, int]:
    """Make a blob of turns the recording's next version. Earlier ones stay.

    A blob that already is a version stays that version, so a repeated step adds nothing.
    """
    recording = permit.recording
    tx.row(RecordingRow, recording, lock=True)  # two at once would take the same version
    known = tx.session.exec(select(TranscriptRow).where(TranscriptRow.blob == blob_key)).first()
    if known is not None:
        return TranscriptId(known.id), known.version
    latest = select(func.max(TranscriptRow.version)).where(TranscriptRow.recording == recording)
    row = TranscriptRow(
        id=new_id(),
        recording=recording,
        version=(tx.session.exec(latest).one() or 0) + 1,
        engine=engine,
        language=language,
        rehearsal=rehearsal,
        blob=blob_key,
        made_at=tx.at,
    )
    tx.session.add(row)
    tx.session.flush()
    return TranscriptId(row.id), row.version


def transcript_version(
    tx: Transaction, permit: Permit, *, version: int | None = None
) -> TranscriptVersion:
    """Return which text there is by machine: the latest, or the version asked for.

    Raises:
        NotFound: There is no text yet, or not that version.
    """
    query = select(TranscriptRow).where(TranscriptRow.recording == permit.recording)
    if version is not None:
        query = query.where(TranscriptRow.version == version)
    row = tx.session.exec(query.order_by(col(TranscriptRow.version).desc()).limit(1)).first()
    if row is None:
        raise NotFound(f"transcript of recording {permit.recording}")
    return _version(row)


def versions_of(tx: Transaction, permit: Permit) -> tuple[TranscriptVersion, ...]:
    """Return every version that a machine has made of a recording's text, the first first."""
    query = select(TranscriptRow).where(TranscriptRow.recording == permit.recording)
    return tuple(map(_version, tx.session.exec(query.order_by(col(TranscriptRow.version)))))


def words_to_json(words: Iterable[Word]) -> bytes:
    """Return words as a document: one ``[start_ms, end_ms, text, probability]`` each."""
    return _document([_parts(word) for word in words])


def words_from_json(document: bytes) -> tuple[Word, ...]:
    """Return the words of a document that ``words_to_json`` wrote."""
    return _words(json.loads(document))


def turns_to_json(turns: Iterable[Turn]) -> bytes:
    """Return turns as a document."""
    return _document(
        [
            {
                "index": turn.index,
                "start_ms": turn.start_ms,
                "end_ms": turn.end_ms,
                "speaker": turn.speaker,
                "kind": turn.kind,
                "speaker_confidence": turn.speaker_confidence,
                "doubts": sorted(turn.doubts),
                "words": [_parts(word) for word in turn.words],
            }
            for turn in turns
        ]
    )


def turns_from_json(document: bytes) -> tuple[Turn, ...]:
    """Return the turns of a document that ``turns_to_json`` wrote."""
    return tuple(
        Turn(
            index=turn["index"],
            start_ms=turn["start_ms"],
            end_ms=turn["end_ms"],
            speaker=turn["speaker"],
            words=_words(turn["words"]),
            kind=TurnKind(turn["kind"]),
            speaker_confidence=turn["speaker_confidence"],
            doubts=frozenset(map(Doubt, turn["doubts"])),
        )
        for turn in json.loads(document)
    )


def _version(row: TranscriptRow) -> TranscriptVersion:
    return TranscriptVersion(
        id=TranscriptId(row.id),
        recording=RecordingId(row.recording),
        version=row.version,
        engine=row.engine,
        language=row.language,
        rehearsal=row.rehearsal,
        blob=row.blob,
        made_at=row.made_at,
    )


def _parts(word: Word) -> _Parts:
    return word.start_ms, word.end_ms, word.text, word.probability


def _words(listed: Iterable[_Parts]) -> tuple[Word, ...]:
    return tuple(Word(*parts) for parts in listed)


def _document(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
