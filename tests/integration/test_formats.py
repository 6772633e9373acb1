"""Every kind of file that cameras and phones make, through every stage, for real."""

from pathlib import Path

import pytest

from consent.model import RecordingId
from pipeline.rehearsal import SAMPLE
from pipeline.stages import work
from storage import consent_ledger, media, recordings
from storage.home import Home
from storage.records import BlobRole, Stage
from tests import films
from tests.faults import flow
from tests.integration.work_here import home

__all__ = ["home"]

CUT = ("-ss", "2", "-t", "3", "-i", str(SAMPLE))
X265 = ("-c:v", "libx265", "-x265-params", "log-level=none", "-preset", "ultrafast")
VP9 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k")
SMALL = ("-vf", "scale=320:-2")
FORMATS = {
    "mp4": ("mp4", *CUT, "-c", "copy"),
    "mp4 mono": ("mp4", *CUT, "-c:v", "copy", "-c:a", "aac", "-ac", "1"),
    "mov hevc": ("mov", *CUT, *SMALL, *X265, "-tag:v", "hvc1", "-pix_fmt", "yuv420p"),
    "mkv": ("mkv", *CUT, "-c", "copy"),
    "webm": ("webm", *CUT, *SMALL, *VP9, "-c:a", "libopus"),
    "avi": ("avi", *CUT, *SMALL, "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "mp3": ("mp3", *CUT, "-vn"),
    "wav stereo": ("wav", *CUT, "-vn", "-ac", "2"),
    "m4a": ("m4a", *CUT, "-vn", "-c:a", "aac"),
    "flac mono": ("flac", *CUT, "-vn", "-ac", "1"),
}
SOUND_ONLY = {"mp3", "wav stereo", "m4a", "flac mono"}


def turned(folder: Path) -> Path:
    """Return a HEVC film with sound, to be shown turned, as a phone held upright makes it."""
    film = films.made(*FORMATS["mov hevc"])
    path = folder / "turned.mov"
    path.write_bytes(
        films.made("mov", "-display_rotation", "-90", "-i", "SOURCE", "-c", "copy", source=film)
    )
    return path


@pytest.mark.parametrize("kind", [*FORMATS, "mov hevc turned"])
def test_a_format_goes_through_every_stage(home: Home, tmp_path: Path, kind: str) -> None:
    if kind in FORMATS:
        film = tmp_path / "film"
        film.write_bytes(films.made(*FORMATS[kind]))
    else:
        film = turned(tmp_path)
    recording = flow.take_in(home, film)
    for stage in Stage:
        work.work(lambda _: None, stage=stage.value, recording=recording)
    check_whole(
        home, recording, sound_only=kind.split(maxsplit=1)[0] in {"mp3", "wav", "m4a", "flac"}
    )


def check_whole(home: Home, recording: RecordingId, *, sound_only: bool) -> None:
    with home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        transcript = media.transcript_of(home, tx, permit)
        probe = media.document_of(home, tx, permit, BlobRole.PROBE)
        strip = media.document_of(home, tx, permit, BlobRole.QUALITY)["thumbnails"]
        moved = recordings.blobs_of(tx, recording, BlobRole.MOVEMENT)
        with media.open_media(home, tx, permit, BlobRole.PROXY) as proxy:
            assert proxy.read(12)[4:8] == b"ftyp"
    assert (probe["video"] is None) is sound_only
    assert 2_500 <= probe["duration_ms"] <= 3_600
    assert transcript.turns
    assert strip["count"] > 0
    assert bool(moved) is not sound_only
    said = " ".join(turn.text for turn in transcript.turns).split()[0].strip(".,?").lower()
    with home.reading() as tx:
        hits = home.search.find(said, recordings=[recording], language=transcript.language)
    assert hits


def test_a_stage_done_twice_makes_no_second_text(home: Home, tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(films.made("mp3", "-ss", "2", "-t", "4", "-i", str(SAMPLE), "-vn"))
    recording = flow.take_in(home, film)
    for stage in [*Stage, *Stage]:
        work.work(lambda _: None, stage=stage.value, recording=recording)
    with home.reading() as tx:
        assert media.transcript_of(home, tx, consent_ledger.permit(tx, recording)).version == 1
