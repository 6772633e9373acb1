"""What a worker does for the site now and then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from consent.model import RecordingId
from pipeline import demo, housekeeping
from pipeline.stages import ingest
from pipeline.workflow import Hands, Workflow
from storage import audit, recordings, requests, uploads
from storage.database import make_engine
from storage.erasure import erasures
from storage.errors import NotFound
from storage.home import Home
from storage.identity import new_id
from storage.records import Request, RequestId, RequestKind, Stage, StageRun, StageState
from storage.settings import Settings
from storage.vault.errors import KeyDestroyed, UploadMissing
from tests.faults import flow

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Calendar:
    """A clock that is set by hand."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def home(tmp_path: Path, calendar: Calendar) -> Iterator[Home]:
    opened = Home.open(Settings(home=tmp_path / "home"), clock=calendar)
    yield opened
    opened.close()


def erase_due(home: Home) -> None:
    housekeeping.erase_what_is_due(
        home, erase_one=lambda recording: housekeeping.erase_recording(home, recording)
    )


def test_what_has_been_kept_for_its_time_is_erased_and_said_to_be_once(
    home: Home, calendar: Calendar
) -> None:
    recording = demo.prepare(home).recording
    with home.reading() as tx:
        due = recordings.recording(tx, recording).erase_after
    assert due is not None
    erase_due(home)
    assert home.keys.data_key(recording)
    calendar.now = datetime.combine(due, datetime.min.time(), UTC)
    for _ in range(2):
        erase_due(home)
        housekeeping.erase_recording(home, recording)
    with pytest.raises(KeyDestroyed):
        home.keys.data_key(recording)
    with home.reading() as tx:
        [proof] = erasures(tx)
        assert proof.completed_at == calendar.now
        assert [e.action for e in audit.entries_about(tx, recording)] == ["erased"]


def test_an_upload_that_nobody_goes_on_with_is_ended(home: Home, calendar: Calendar) -> None:
    shown = demo.prepare(home)
    with home.transaction() as tx:
        begun = uploads.begin_upload(
            tx,
            shown.recording,
            owner=shown.course.caseworker,
            length=9,
            expires_at=tx.at + uploads.LIFETIME,
        )
    with home.vault.begin_upload(shown.recording, upload=begun.id, length=9) as part:
        part.append(b"a film")
    housekeeping.end_expired_uploads(home)
    home.vault.resume_upload(shown.recording, upload=begun.id, length=9).close()
    calendar.now = NOW + uploads.LIFETIME
    housekeeping.end_expired_uploads(home)
    with pytest.raises(UploadMissing):
        home.vault.resume_upload(shown.recording, upload=begun.id, length=9)
    with home.reading() as tx, pytest.raises(NotFound):
        uploads.upload(tx, begun.id)


def stopped(home: Home, folder: Path, error: str) -> RecordingId:
    film = folder / "film"
    film.write_bytes(b"x" * 1000)
    recording = flow.take_in(home, film)
    with home.transaction() as tx:
        for request in requests.waiting(tx):
            requests.mark_done(tx, request.id, error=error)
        failed = StageRun(recording, Stage.INGEST, StageState.FAILED, error=error)
        requests.report_stage(tx, failed)
    return recording


def wished(home: Home) -> list[RecordingId]:
    with home.reading() as tx:
        return [request.recording for request in requests.waiting(tx)]


@pytest.mark.parametrize("error", ["DiskFull", "StoreFull"])
def test_what_a_full_disk_stopped_is_asked_for_again_when_it_fits(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    recording = stopped(home, tmp_path, error)
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "_ROOM_FACTOR", 2**50)
        housekeeping.go_on_where_there_is_room(home)
        assert wished(home) == []
    for _ in range(2):
        housekeeping.go_on_where_there_is_room(home)
    assert wished(home) == [recording]


def test_what_failed_otherwise_waits_for_a_person(home: Home, tmp_path: Path) -> None:
    stopped(home, tmp_path, "not_media")
    housekeeping.go_on_where_there_is_room(home)
    assert wished(home) == []


def give_up(home: Home) -> None:
    """Do what the engine does when worker after worker has died of something."""
    engine = make_engine(home.settings.jobs())
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE workflow_status SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'")
        )
    engine.dispose()


def test_the_engine_forgets_what_ended_long_ago_and_names_what_it_gave_up(home: Home) -> None:
    ended: list[str] = []
    hands = Hands(
        work=lambda *_: None,
        erase=lambda _: None,
        finish=lambda request, *_: ended.append(request),
    )
    engine = Workflow(url=home.settings.jobs(), worker="w", at_once=1, hands=hands)
    engine.start()
    try:
        request = RequestId(new_id())
        wish = Request(request, RequestKind.PROCESS, RecordingId("r"), NOW)
        for _ in range(2):
            engine.take_on(wish)
        flow.wait_for(lambda: ended == [request], seconds=20)
        today = datetime.now(UTC)  # noqa: TID251 - the engine has its own clock
        assert engine.forget_ended(before=today - timedelta(days=1)) == 0
        flow.wait_for(
            lambda: engine.forget_ended(before=today + timedelta(days=1)) == 1, seconds=20
        )
        assert engine.given_up() == ()
        second = Request(RequestId(new_id()), RequestKind.PROCESS, RecordingId("r2"), NOW)
        engine.take_on(second)
        flow.wait_for(lambda: ended == [request, second.id], seconds=20)
        give_up(home)
        assert engine.given_up() == ((second.id, second.recording),)
        engine.forget(second.id)
        assert engine.given_up() == ()
    finally:
        engine.stop()
