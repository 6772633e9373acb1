"""Movement from a film's first byte to the desk: found where it was, kept sealed, gone with it."""

from base64 import b64decode
from pathlib import Path

import pytest

from consent.errors import ConsentError
from consent.model import RecordingId
from pipeline.analysis.movement import UNKNOWN
from pipeline.stages import work
from storage import consent_ledger, erasure, media, recordings
from storage.errors import StorageError
from storage.home import Home
from storage.records import BlobRole, Stage
from tests import films
from tests.faults import flow
from tests.integration.work_here import home

__all__ = ["home"]

SECONDS = 12
STAGES = (Stage.INGEST, Stage.JOIN, Stage.PROBE, Stage.PROXY, Stage.PICTURE)


@pytest.fixture(scope="module")
def recording(home: Home, tmp_path_factory: pytest.TempPathFactory) -> RecordingId:
    """A film in which something moves from its fourth second to its seventh."""
    film = tmp_path_factory.mktemp("film") / "film"
    picture = films.moving_film(SECONDS, moves_s=(4, 7))
    film.write_bytes(
        films.made("mp4", "-i", "SOURCE", *films.tone(SECONDS), "-c:v", "copy", source=picture)
    )
    recording = flow.take_in(home, film)
    for stage in STAGES:
        work.work(lambda _: None, stage=stage.value, recording=recording)
    return recording


def test_a_film_tells_in_which_seconds_something_moves(home: Home, recording: RecordingId) -> None:
    with home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        kept = media.document_of(home, tx, permit, BlobRole.MOVEMENT)
    levels = b64decode(kept["levels"])
    known = [level for level in levels if level != UNKNOWN]
    most = max(known)
    assert kept["every_ms"] == 1000
    assert len(levels) == SECONDS
    assert most > 0
    assert [place for place, level in enumerate(levels) if level == most] == [4, 5, 6]
    assert sum(known) == 3 * most


def test_it_lies_encrypted_and_goes_with_the_recording(home: Home, recording: RecordingId) -> None:
    with home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        assert len(recordings.blobs_of(tx, recording, BlobRole.MOVEMENT)) == 1
    kept = f"{recording}/{BlobRole.MOVEMENT}"
    files = [path for path in Path(home.settings.home).rglob("*") if path.is_file()]
    assert not [path for path in files if b'"levels"' in path.read_bytes()]
    assert len(list(home.vault.store.list(kept))) == 1
    erasure.erase(home, recording)
    with home.reading() as tx:
        assert recordings.blobs_of(tx, recording, BlobRole.MOVEMENT) == ()
        with pytest.raises((ConsentError, StorageError)):
            media.document_of(home, tx, permit, BlobRole.MOVEMENT)
    assert not list(home.vault.store.list(kept))
