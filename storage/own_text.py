"""A recording's own text: subtitles that somebody has written, in place of recognition.

It lies in the vault like everything that was said, with roles where the file had names. Not here:
reading the file (subtitles), and making turns of it (the pipeline, as of recognized words).
"""

from dataclasses import asdict

from consent.gate import Permit
from consent.model import RecordingId
from storage import media, recordings
from storage.errors import NotFound, SubtitlesTooLate
from storage.home import Home
from storage.records import BlobRole
from storage.subtitles import Cue, SubtitleKind, Subtitles
from storage.transaction import Transaction

_ROUNDING_MS = 2_000


def keep_own_text(home: Home, permit: Permit, text: Subtitles) -> None:
    """Keep what somebody has written as a recording's text. The latest one counts.

    Args:
        home: Where it is kept.
        permit: To use the recording.
        text: With a ``Voice`` as each cue's speaker (``Subtitles.spoken_by``), never a name.

    Raises:
        SubtitlesTooLate: It goes on after the end of the film.
    """
    with home.reading() as tx:
        length_ms = recordings.recording(tx, permit.recording).duration_ms
    if length_ms is not None and text.cues[-1].start_ms >= length_ms + _ROUNDING_MS:
        raise SubtitlesTooLate
    media.save_document(home, permit, BlobRole.OWN_TEXT, asdict(text))


def own_text_of(home: Home, tx: Transaction, permit: Permit) -> Subtitles | None:
    """Return a recording's own text, None while its words are left to recognition."""
    try:
        kept = media.document_of(home, tx, permit, BlobRole.OWN_TEXT)
    except NotFound:
        return None
    cues = tuple(Cue(**cue) for cue in kept["cues"])
    return Subtitles(SubtitleKind(kept["kind"]), cues)


def own_text_key(tx: Transaction, recording: RecordingId) -> str | None:
    """Return what names a recording's own text, another for each; None while it has none."""
    kept = recordings.blobs_of(tx, recording, BlobRole.OWN_TEXT)
    return kept[-1].key if kept else None
