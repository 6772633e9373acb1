"""Three hours of a made-up conversation, with as much text and as many marks as ever come."""

from base64 import b64encode
from typing import Final

from consent.model import RecordingId
from storage import annotations, consent_ledger, notes, phases, recordings
from storage.codebooks.shipped import conversation_codebook
from storage.home import Home
from storage.identity import new_id
from storage.media import save_document, save_transcript
from storage.records import (
    BlobRole,
    Note,
    NoteId,
    NoteKind,
    Segment,
    SegmentId,
    Sequence,
    SequenceId,
    SequenceKind,
    Tag,
    TagId,
    Turn,
    UserId,
    Verdict,
    Visibility,
    Word,
)
from storage.transaction import Transaction

HOURS_MS: Final = 3 * 3_600_000
TURNS: Final = 4_000
WORDS: Final = 30_000
TAGS, SEGMENTS, NOTES, SEQUENCES = 1_600, 60, 300, 40
"""Two thousand marks in all."""
_SAID: Final = ("det", "var", "ikke", "sådan", "jeg", "tænkte", "da", "vi", "talte", "om", "skolen")
_PHASES: Final = ("opening", "agenda", "topic", "closing")


def make_long(
    home: Home,
    recording: RecordingId,
    *,
    by: UserId,
    share: float = 1.0,
) -> None:
    """Give a processed recording its text and marks; a share makes a shorter one alike."""
    length_ms = round(HOURS_MS * share)
    with home.transaction() as tx:
        permit = consent_ledger.permit(tx, recording)
        recordings.set_duration(tx, recording, duration_ms=length_ms)
        _mark(tx, recording, by=by, share=share, length_ms=length_ms)
    turns = turns_of(round(TURNS * share), words=round(WORDS * share), length_ms=length_ms)
    save_transcript(home, permit, turns, engine="made", language="da", rehearsal=False)
    waveform = [(place * 37) % 255 for place in range(2_000)]
    save_document(home, permit, BlobRole.WAVEFORM, waveform)
    levels = bytes(second * 37 % 255 for second in range(length_ms // 1000))
    movement = {"every_ms": 1000, "levels": b64encode(levels).decode()}
    save_document(home, permit, BlobRole.MOVEMENT, movement)


def turns_of(count: int, *, words: int, length_ms: int) -> list[Turn]:
    """Return turns by turns of two people, some words of which were heard badly."""
    every_ms = length_ms // count
    return [
        Turn(
            index,
            index * every_ms,
            index * every_ms + every_ms * 9 // 10,
            "youth" if index % 2 else "caseworker",
            _words(index, words * (index + 1) // count - words * index // count, every_ms=every_ms),
        )
        for index in range(count)
    ]


def _words(index: int, count: int, *, every_ms: int) -> tuple[Word, ...]:
    each_ms = every_ms * 9 // 10 // max(1, count)
    start = index * every_ms
    return tuple(
        Word(
            start + place * each_ms,
            start + (place + 1) * each_ms,
            _SAID[(index + place) % len(_SAID)],
            0.4 if (index * 7 + place) % 31 == 0 else 0.9,
        )
        for place in range(count)
    )


def _mark(
    tx: Transaction, recording: RecordingId, *, by: UserId, share: float, length_ms: int
) -> None:
    codebook = conversation_codebook()
    verdicts = (Verdict.SUGGESTED, Verdict.CONFIRMED)
    tags = [
        Tag(
            TagId(new_id()),
            recording,
            codebook.name,
            codebook.tags[number % len(codebook.tags)].code,
            start,
            start + 4_000,
            verdict=verdicts[number % 2],
            confidence=0.6,
        )
        for number, start in _spread(TAGS * share, length_ms)
    ]
    segments = [
        Segment(SegmentId(new_id()), recording, start, start + 60_000, _PHASES[number % 4])
        for number, start in _spread(SEGMENTS * share, length_ms)
    ]
    phases.renew_suggestions(tx, recording, segments)
    annotations.renew_suggestions(tx, recording, tags)
    for number, start in _spread(NOTES * share, length_ms):
        kind, visibility = NoteKind.SEEN_HEARD, Visibility.SHARED
        text = f"Note {number}"
        notes.write_note(
            tx, Note(NoteId(new_id()), recording, by, start, kind, visibility, text, tx.at)
        )
    for number, start in _spread(SEQUENCES * share, length_ms):
        end, title = start + 30_000, f"Sekvens {number + 1}"
        kinds = tuple(SequenceKind)
        annotations.add_sequence(
            tx,
            Sequence(
                SequenceId(new_id()), recording, start, end, 0, title, kinds[number % 3], by=by
            ),
        )


def _spread(count: float, length_ms: int) -> list[tuple[int, int]]:
    number = max(1, round(count))
    return [(each, each * (length_ms - 60_000) // number) for each in range(number)]
