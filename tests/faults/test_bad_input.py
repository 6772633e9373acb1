"""Files that are no films, or broken: each stops at its stage with a code and is kept."""

import zlib
from collections.abc import Iterator
from hashlib import shake_256
from pathlib import Path

import pytest

from consent.model import RecordingId
from pipeline.rehearsal import SAMPLE
from pipeline.words import failure_in_words
from pipeline.worker import Worker
from storage import consent_ledger, media, recordings
from storage.home import Home
from storage.records import BlobRole, Stage, StageState
from storage.settings import Settings
from tests import films
from tests.faults import flow
from tests.faults.in_process import children_here

NOISE = shake_256(b"noise").digest(60_000)  # the same each time: some noise passes for a format
CUT = ("-t", "4", "-i", str(SAMPLE))


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def front() -> bytes:
    return films.made("mp4", *CUT, "-c", "copy", "-movflags", "+faststart")


def behind() -> bytes:
    return films.made("mp4", *CUT, "-c", "copy", "-movflags", "-faststart")


def garbled(data: bytes) -> bytes:
    place = data.index(b"moov") + 4
    return data[:place] + zlib.compress(data[place:])[:4000].ljust(len(data) - place, b"\0")


def still() -> bytes:
    return films.made("png", "-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", "-frames:v", "1")


def long_header(data: bytes) -> bytes:
    """Return the film with a header that claims ten hours."""
    place = data.index(b"mvhd") + 4 + 4 + 8
    scale = int.from_bytes(data[place : place + 4])
    return data[: place + 4] + min(scale * 36_000, 2**32 - 1).to_bytes(4) + data[place + 8 :]


BAD = {
    "zero bytes": (lambda: b"", Stage.PROBE, "empty"),
    "one byte": (lambda: b"\0", Stage.PROBE, "not_media"),
    "zeros": (lambda: bytes(60_000), Stage.PROBE, "not_media"),
    "text": (lambda: b"En ganske almindelig tekst.\n" * 900, Stage.PROBE, "not_media"),
    "noise": (lambda: NOISE, Stage.PROBE, "not_media"),
    "playlist": (lambda: b"#EXTM3U\n#EXTINF:3,\nok.ts\n#EXT-X-ENDLIST\n", Stage.PROBE, "not_media"),
    "concat script": (lambda: b"ffconcat version 1.0\nfile ok.mp4\n", Stage.PROBE, "type"),
    "still picture": (still, Stage.PROBE, "type"),
    "web page": (lambda: b"<!DOCTYPE html><html></html>" * 99, Stage.PROBE, "not_media"),
    "archive": (lambda: b"PK\x03\x04" + NOISE, Stage.PROBE, "not_media"),
    "pdf": (lambda: b"%PDF-1.7\n" + NOISE, Stage.PROBE, "not_media"),
    "subtitles": (lambda: b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n" * 9, Stage.PROBE, "type"),
    "cut off, index behind": (lambda: cut(behind(), 0.6), Stage.PROBE, "truncated"),
    "only a head": (lambda: front()[:24], Stage.PROBE, "truncated"),
    "garbled index": (lambda: garbled(behind()), Stage.PROBE, "no_streams"),
    "no sound": (lambda: films.made("mp4", *CUT, "-an", "-c", "copy"), Stage.PROBE, "no_sound"),
    "silent gif": (lambda: films.made("gif", *films.picture(1)), Stage.PROBE, "type"),
}
ODD = {
    "cut off, index in front": lambda: cut(front(), 0.7),
    "flipped bits": lambda: films.flipped(behind()),
    "uneven pictures": films.uneven_film,
    "header of ten hours": lambda: long_header(behind()),
    "cover art": lambda: films.made(
        "mp3",
        *CUT,
        *("-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", "-map", "0:a", "-map", "1:v"),
        *("-frames:v", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic"),
    ),
    "no speech": lambda: films.made("wav", *films.tone(3)),
    "silence": lambda: films.made("wav", "-f", "lavfi", "-i", "anullsrc=r=16000:d=2"),
    "half a second": lambda: films.made("mp3", "-ss", "2", "-t", "0.5", "-i", str(SAMPLE), "-vn"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMSPIL_HOME", str(tmp_path_factory.mktemp("bad") / "home"))
        opened = Home.open(Settings())
        with children_here():
            worker = Worker(opened, at_once=2)
            worker.start()
            yield opened
            worker.stop()
        opened.close()


def processed(home: Home, folder: Path, content: bytes) -> RecordingId:
    film = folder / "film.mp4"
    film.write_bytes(content)
    recording = flow.take_in(home, film)
    flow.wait_for(lambda: flow.is_over(home, recording))
    return recording


@pytest.mark.parametrize("shape", BAD)
def test_what_is_no_recording_stops_with_a_code_and_keeps_its_source(
    home: Home, tmp_path: Path, shape: str
) -> None:
    make, stage, code = BAD[shape]
    content = make()
    recording = processed(home, tmp_path, content)
    runs = flow.runs_of(home, recording)
    assert (list(runs)[-1], runs[stage].state, runs[stage].error) == (
        stage,
        StageState.FAILED,
        code,
    )
    with home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        with media.open_media(home, tx, permit, BlobRole.SOURCE) as source:
            assert source.read() == content
    said = failure_in_words(home, runs[stage])
    assert said.count(".") >= 1
    assert code not in said.split()


@pytest.mark.parametrize("shape", ODD)
def test_an_odd_recording_goes_through_all_the_same(home: Home, tmp_path: Path, shape: str) -> None:
    recording = processed(home, tmp_path, ODD[shape]())
    assert flow.all_done(home, recording), flow.runs_of(home, recording)


def test_the_same_film_again_is_named_by_its_number(home: Home, tmp_path: Path) -> None:
    first = processed(home, tmp_path, films.made("mp3", *CUT, "-vn"))
    second = processed(home, tmp_path, films.made("mp3", *CUT, "-vn"))
    run = flow.runs_of(home, second)[Stage.INGEST]
    with home.reading() as tx:
        number = recordings.recording(tx, first).number
    said = failure_in_words(home, run)
    assert said.endswith(f"It is recording {number}.")
    assert first not in said
