"""A film that came in several files: one film, one sound, one timeline for all that follows."""

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from consent.model import RecordingId
from pipeline import demo, intake
from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.children.keeper import do_confined
from pipeline.engines.probing import probe
from pipeline.engines.sound import decode, whole
from pipeline.errors import MediaRefused
from pipeline.rehearsal import SAMPLE
from pipeline.stages import audio, ingest, join, proxy, workshop
from pipeline.stages import probe as probe_stage
from pipeline.stages.workshop import Engines, Workshop
from storage import consent_ledger, media, recordings
from storage.records import BlobRole
from storage.settings import Settings
from tests.child_tasks.here import do_here
from tests.fakes.engines import FakeRecognizer, FakeVoiceActivity
from tests.faults import flow
from tests.new_home import new_home
from tests.several_files import TALL, camera, received, recorder

RATE = 16_000
NO_HINTS: list[Any] = []


class Site:
    """A home in which films are joined."""

    def __init__(self, folder: Path) -> None:
        self.home = new_home(Settings(home=folder))
        self.shown = demo.prepare(self.home)
        engines = Engines(
            recognizer=FakeRecognizer, voice_activity=FakeVoiceActivity, diarizer=MeasuredDiarizer
        )
        self.shop = Workshop(self.home, engines, self._progress)
        self.told: list[float] = []

    def _progress(self, share: float) -> None:
        self.told.append(share)

    def joined(self, *files: bytes) -> RecordingId:
        recording = flow.register(self.home, self.shown)
        received(self.home, recording, owner=self.shown.course.caseworker, files=files)
        self.told.clear()
        join.run(recording, shop=self.shop)
        assert self.told == sorted(self.told)
        return recording

    def film(self, recording: RecordingId) -> bytes:
        with self.home.reading() as tx:
            permit = consent_ledger.permit(tx, recording)
            with media.open_film(self.home, tx, permit) as reader:
                return reader.read()

    def account(self, recording: RecordingId) -> dict[str, Any]:
        with self.home.reading() as tx:
            permit = consent_ledger.permit(tx, recording)
            return dict(media.document_of(self.home, tx, permit, BlobRole.ALIGNMENT))


@lru_cache(maxsize=1)
def _sample() -> NDArray[np.float32]:
    with SAMPLE.open("rb") as file:
        return np.asarray(whole(decode(file, duration_ms=0, progress=lambda _: None)).mean(0))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    opened = Site(tmp_path_factory.mktemp("several") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "do_confined", do_here)
        yield opened
    opened.home.close()


def heard(content: bytes) -> NDArray[np.float32]:
    return whole(decode(io.BytesIO(content), duration_ms=0, progress=lambda _: None))


def said(start: float, seconds: float) -> NDArray[np.float32]:
    """Return a piece of the sample's own sound, one channel."""
    return _sample()[round(start * RATE) : round((start + seconds) * RATE)]


def apart_ms(some: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    """Return by how much sound lies off, at most 200 ms, by plain correlation."""
    reach = RATE // 5
    inner = truth[reach:-reach]
    match = np.correlate(some[: len(truth)], inner, mode="valid")
    return float(abs(int(np.abs(match).argmax()) - reach)) / RATE * 1000


@pytest.mark.parametrize("suffix", ["mp4", "mts"])
def test_files_of_one_camera_become_one_film_without_a_gap(site: Site, suffix: str) -> None:
    files = [camera(start, 3, suffix=suffix) for start in (53, 56, 59)]
    content = site.film(site.joined(*files))
    found = probe(io.BytesIO(content), size=len(content))
    assert found.video is not None
    assert (found.video.packets, found.video.variable, found.oddities) == (225, False, ())
    assert found.duration_ms == pytest.approx(9_000, abs=60)
    sound = heard(content)[0]
    for start in (0, 2.5, 5.5, 7):
        at = round((start + found.video.begins_us / 1_000_000) * RATE)
        assert apart_ms(sound[at : at + 2 * RATE], said(53 + start, 2)) <= 40


def test_everything_that_follows_sees_one_timeline(site: Site) -> None:
    recording = site.joined(camera(53, 3), camera(56, 3))
    for stage in (probe_stage, proxy, audio):
        stage.run(recording, shop=site.shop)
    with site.home.reading() as tx:
        assert recordings.recording(tx, recording).duration_ms == pytest.approx(6000, abs=60)
        permit = consent_ledger.permit(tx, recording)
        with media.open_media(site.home, tx, permit, BlobRole.PROXY) as reader:
            played = probe(reader, size=reader.size)
    assert played.duration_ms == pytest.approx(6000, abs=60)
    assert site.shop.sound(permit).duration_ms == pytest.approx(6000, abs=60)


def test_a_recorder_is_laid_under_the_film_within_20_ms(site: Site) -> None:
    files = [camera(53, 8), camera(61, 8), recorder(46.37, 30, faster=1.0001)]
    recording = site.joined(*files)
    account = site.account(recording)
    assert account["hints"] == NO_HINTS
    assert account["confidence"] > 0.5
    sound = heard(site.film(recording))
    assert len(sound) == 2  # as many as the recorder has
    for start in (0, 6, 9, 13):
        at = round(start * RATE)
        assert apart_ms(sound[0, at : at + 2 * RATE], said(53 + start, 2)) < 20


def test_where_the_recorder_was_off_the_camera_is_heard(site: Site) -> None:
    recording = site.joined(camera(53, 16), recorder(57, 8))
    hints = site.account(recording)["hints"]
    assert [hint["code"] for hint in hints] == ["recorder_short", "recorder_short"]
    assert [hint["start_ms"] for hint in hints] == pytest.approx([0, 12_000], abs=20)
    sound = heard(site.film(recording))[0]
    loud = [float(np.abs(sound[at * RATE : (at + 3) * RATE]).mean()) for at in (0, 6, 13)]
    assert min(loud) > 0.001
    for start in (0, 6, 13):
        at = start * RATE
        assert apart_ms(sound[at : at + 2 * RATE], said(53 + start, 2)) < 20


def test_a_recorder_of_another_conversation_is_not_used_and_told(site: Site) -> None:
    recording = site.joined(camera(53, 12), recorder(120, 20))
    account = site.account(recording)
    assert [hint["code"] for hint in account["hints"]] == ["other_conversation"]
    assert account["confidence"] < 0.5
    sound = heard(site.film(recording))
    assert len(sound) == 1  # the camera's own
    assert apart_ms(sound[0, 5 * RATE : 8 * RATE], said(58, 3)) < 20


def test_files_in_the_wrong_order_are_put_right_by_the_cameras_clock(site: Site) -> None:
    late = camera(57, 4, made_at="2026-11-24T09:00:04Z")
    early = camera(53, 4, made_at="2026-11-24T09:00:00Z")
    recording = site.joined(late, early)
    assert [hint["code"] for hint in site.account(recording)["hints"]] == ["other_order"]
    assert apart_ms(heard(site.film(recording))[0, RATE : 3 * RATE], said(54, 2)) < 20


def test_a_clock_that_makes_no_sense_changes_no_order(site: Site) -> None:
    first = camera(53, 4, made_at="2026-11-24T09:00:02Z")
    second = camera(57, 4, made_at="2026-11-24T09:00:01Z")  # exported one after the other
    recording = site.joined(first, second)
    assert site.account(recording)["hints"] == NO_HINTS
    assert apart_ms(heard(site.film(recording))[0, RATE : 3 * RATE], said(54, 2)) < 20


def test_sound_alone_may_come_in_several_files(site: Site) -> None:
    content = site.film(site.joined(recorder(20, 4), recorder(24, 4)))
    found = probe(io.BytesIO(content), size=len(content))
    assert (found.video, found.duration_ms) == (None, pytest.approx(8000, abs=20))


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (lambda: (camera(20, 2), camera(22, 2, size=TALL)), "not_joinable:2"),
        (lambda: (camera(20, 2), b"no film"), "not_media:2"),
        (lambda: (camera(20, 2)[:-3000], camera(22, 2)), "truncated:1"),
        (lambda: (camera(20, 2, sound=False), recorder(20, 4)), "camera_silent"),
    ],
)
def test_a_file_that_does_not_fit_is_named(site: Site, files: Any, code: str) -> None:  # noqa: ANN401
    with pytest.raises(MediaRefused) as refused:
        site.joined(*files())
    assert refused.value.code == code


def test_files_are_opened_in_a_confined_process_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = camera(53, 8), camera(61, 8), recorder(46.37, 30)
    monkeypatch.setattr(workshop, "do_confined", do_confined)
    with monkeypatch.context() as patch:
        patch.setattr(av, "open", None)
        recording = site.joined(*files)
        with pytest.raises(MediaRefused) as refused:
            site.joined(files[0], b"no film")
    assert refused.value.code == "not_media:2"
    assert site.account(recording)["hints"] == NO_HINTS
    assert apart_ms(heard(site.film(recording))[0, 9 * RATE : 11 * RATE], said(62, 2)) < 20


def test_the_number_of_a_file_is_that_of_the_order_given(site: Site) -> None:
    first = camera(20, 2, made_at="2026-11-24T09:00:00Z")
    second = camera(22, 2, size=TALL, made_at="2026-11-24T09:00:02Z")
    with pytest.raises(MediaRefused) as refused:
        site.joined(recorder(20, 4), second, first)
    assert refused.value.code == "not_joinable:2"


def test_a_file_that_is_still_missing_is_not_worked_around(site: Site) -> None:
    recording = flow.register(site.home, site.shown)
    owner = site.shown.course.caseworker
    received(site.home, recording, owner=owner, files=[camera(20, 2)])
    ingest.run(recording, shop=site.shop)
    join.run(recording, shop=site.shop)  # one file: nothing to join
    with site.home.reading() as tx:
        assert recordings.blobs_of(tx, recording, BlobRole.JOINED) == ()
    assert site.film(recording) == camera(20, 2)


def test_several_files_are_taken_in_from_this_machine_however_often_it_is_interrupted(
    site: Site, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.mp4" for number in (1, 2)]
    for path, start in zip(paths, (53, 56), strict=True):
        path.write_bytes(camera(start, 3))
    recording = flow.register(site.home, site.shown)
    shares: list[float] = []

    def stop_in_the_second(share: float) -> None:
        shares.append(share)
        if len(shares) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        intake.take_in(site.home, paths, recording, progress=stop_in_the_second)
    intake.take_in(site.home, paths, recording, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    join.run(recording, shop=site.shop)
    content = site.film(recording)
    assert probe(io.BytesIO(content), size=len(content)).duration_ms == pytest.approx(6_000, abs=60)
