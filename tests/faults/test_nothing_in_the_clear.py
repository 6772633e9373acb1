"""While a film is worked on, nothing of it lies readable anywhere: not on disk, not in logs."""

import logging
import os
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.rehearsal import SAMPLE
from pipeline.worker import Worker
from storage import consent_ledger, media
from storage.home import Home
from tests import films
from tests.faults import flow, reading
from tests.faults.reading import Reader

MAGIC = bytes(range(33, 127)) * 3
"""Bytes that no sound has by chance, put into the samples."""
LONG_ENOUGH = 6


def marked_film(folder: Path) -> Path:
    """Return a recording of speech with the magic bytes among its samples."""
    path = folder / "film.wav"
    cut = ("-ss", "2", "-t", "6", "-i", str(SAMPLE))
    path.write_bytes(films.made("wav", *cut, "-vn", "-ac", "1", "-fflags", "+bitexact"))
    with wave.open(str(path), "rb") as sound:
        parameters, samples = sound.getparams(), sound.readframes(sound.getnframes())
    with wave.open(str(path), "wb") as sound:
        sound.setparams(parameters)
        sound.writeframes(MAGIC + samples + MAGIC)
    return path


@pytest.fixture
def reader() -> Iterator[Reader]:
    with reading.reader() as reader:
        yield reader


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that this process and its children use for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.slow
def test_no_byte_of_the_film_and_no_word_of_it_is_readable(  # noqa: PLR0917 - fixtures
    site: Home,
    reader: Reader,
    tmp_path: Path,
    temporary: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "camera").mkdir()
    film = marked_film(tmp_path / "camera")
    places = [site.settings.home, temporary]
    assert reader.holding([film.parent], [MAGIC]) == {film}

    logging.getLogger("dbos").propagate = True
    with caplog.at_level(logging.DEBUG):
        recording = flow.take_in(site, film)
        worker = Worker(site)
        worker.start()
        looks, readable = 0, set[Path]()
        while not flow.is_over(site, recording):
            readable |= reader.holding(places, [MAGIC])
            looks += 1
        worker.stop()
    assert flow.all_done(site, recording), flow.runs_of(site, recording)
    assert looks > 3
    assert readable == set()

    with site.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        transcript = media.transcript_of(site, tx, permit)
    words = {word.text.strip(" .,?!") for turn in transcript.turns for word in turn.words}
    telling = sorted(word for word in words if len(word) >= LONG_ENOUGH)
    assert telling
    spoken = [word.encode() for word in telling]
    assert reader.holding(places, [*spoken, MAGIC]) == set()
    assert (site.settings.home / "jobs.db").is_file()
    told = caplog.text + "".join(capfd.readouterr())
    assert [word for word in [*telling, film.name, "Mette"] if word in told] == []
    assert not [name for name in os.environ if any(word in os.environ[name] for word in telling)]
