"""What a worker does for the site now and then."""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from consent.model import RecordingId
from pipeline import demo, housekeeping
from pipeline.doctor import examine
from pipeline.stages import ingest
from pipeline.workflow import Hands, Workflow
from storage import audit, erasure, holds, recordings, requests, uploads
from storage.database import make_engine
from storage.erasure import erase, erasures
from storage.errors import NotFound
from storage.home import Home
from storage.identity import new_id
from storage.records import (
    ErasureReason,
    HoldKind,
    Request,
    RequestId,
    RequestKind,
    Stage,
    StageRun,
    StageState,
)
from storage.settings import Settings
from storage.vault.errors import KeyDestroyed, RotationOvertaken, UploadMissing
from storage.vault.keys import KeyStore
from tests.faults import flow
from tests.new_home import new_home

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
    opened = new_home(Settings(home=tmp_path / "home"), clock=calendar)
    yield opened
    opened.close()


def erase_due(home: Home) -> None:
    housekeeping.erase_what_is_due(
        home, erase_one=lambda recording, because: erase(home, recording, because=because)
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
        erase(home, recording)
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


def give_up(home: Home) -> bool:
    """Do what the engine does when worker after worker has died of something; say if one ended."""
    engine = make_engine(home.settings.jobs())
    given_up = "UPDATE workflow_status SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'"
    with engine.begin() as connection:
        ended = connection.execute(text(f"{given_up} WHERE status = 'SUCCESS'")).rowcount
    engine.dispose()
    return ended > 0


def test_the_engine_forgets_what_ended_long_ago_and_names_what_it_gave_up(home: Home) -> None:
    ended: list[str] = []
    copied: list[RecordingId] = []
    hands = Hands(
        work=lambda *_: None,
        reread=lambda _: None,
        erase=lambda _: None,
        finish=lambda request, *_: ended.append(request),
        beside={RequestKind.COPY: lambda _, recording: copied.append(recording)},
    )
    engine = Workflow(url=home.settings.jobs(), worker="w", at_once=1, hands=hands)
    engine.start()
    try:
        request = RequestId(new_id())
        wish = Request(request, RequestKind.PROCESS, RecordingId("r"), NOW)
        for _ in range(2):
            engine.take_on(wish)
        flow.wait_for(lambda: ended == [request])
        about = RecordingId("c")
        engine.take_on(Request(RequestId(new_id()), RequestKind.COPY, about, NOW))
        flow.wait_for(lambda: copied == [about])
        today = datetime.now(UTC)  # noqa: TID251 - the engine has its own clock
        assert engine.forget_ended(before=today - timedelta(days=1)) == 0
        forgotten = 0

        def forget() -> bool:
            nonlocal forgotten  # the second may end between two looks
            forgotten += engine.forget_ended(before=today + timedelta(days=1))
            return forgotten == 2

        flow.wait_for(forget)
        assert engine.given_up() == ()
        second = Request(RequestId(new_id()), RequestKind.PROCESS, RecordingId("r2"), NOW)
        engine.take_on(second)
        flow.wait_for(lambda: ended == [request, second.id])
        flow.wait_for(lambda: give_up(home))  # its end is noted after its last step
        assert engine.given_up() == ((second.id, second.recording),)
        engine.forget(second.id)
        assert engine.given_up() == ()
    finally:
        engine.stop()


def test_a_corrected_text_is_read_again_beside_no_other_work_on_it(home: Home) -> None:
    done: list[str] = []
    hands = Hands(
        work=lambda *_: None,
        reread=done.append,
        erase=lambda _: None,
        finish=lambda request, *_: done.append(request),
        beside={},
    )
    engine = Workflow(url=home.settings.jobs(), worker="w", at_once=1, hands=hands)
    engine.start()
    try:
        wish = Request(RequestId(new_id()), RequestKind.REREAD, RecordingId("r"), NOW)
        engine.take_on(wish)
        flow.wait_for(lambda: done == ["r", wish.id])
    finally:
        engine.stop()


def test_why_a_recordings_time_was_up_is_noted(home: Home, calendar: Calendar) -> None:
    shown = demo.prepare(home)
    unanswered = flow.register(home, shown, agreed=False)
    unscanned = flow.register(home, shown)
    calendar.now = NOW + timedelta(days=4000)
    with home.reading() as tx:
        assert erasure.due(tx) == {
            shown.recording: ErasureReason.RETENTION,
            unscanned: ErasureReason.NO_CONSENT,
            unanswered: ErasureReason.NO_CONSENT,
        }
    erase_due(home)
    assert {each.recording: each.because for each in home.proof.deletions()} == {
        shown.recording: ErasureReason.RETENTION,
        unscanned: ErasureReason.NO_CONSENT,
        unanswered: ErasureReason.NO_CONSENT,
    }


def test_what_a_duty_keeps_goes_once_the_duty_is_lifted(home: Home, calendar: Calendar) -> None:
    shown = demo.prepare(home)
    recording, by = shown.recording, shown.course.supervisor
    with home.transaction() as tx:
        hold = holds.place_hold(tx, recording, kind=HoldKind.LEGAL, ground="court", by=by)
        request = requests.ask(tx, RequestKind.ERASE, recording)
        requests.mark_done(tx, request.id, error="RecordingHeld")
    calendar.now = NOW + timedelta(days=4000)
    erase_due(home)
    assert home.keys.data_key(recording)
    with home.transaction() as tx:
        holds.lift_hold(tx, hold.id, by=by)
        assert erasure.due(tx) == {recording: ErasureReason.WITHDRAWAL}
    erase_due(home)
    with pytest.raises(KeyDestroyed):
        home.keys.data_key(recording)
    with home.reading() as tx:
        assert erasure.due(tx) == {}


def test_an_anchor_is_noted_each_day_and_after_each_erasure(home: Home, calendar: Calendar) -> None:
    recording = demo.prepare(home).recording
    housekeeping.keep_proof(home)
    assert home.proof.anchors() == ()
    with home.transaction() as tx:
        audit.append(tx, actor="u1", action="viewed", subject=recording)
    for _ in range(2):
        housekeeping.keep_proof(home)
    assert [each.seq for each in home.proof.anchors()] == [1]
    calendar.now = NOW + timedelta(days=1)
    for _ in range(2):
        housekeeping.keep_proof(home)
    assert [each.seq for each in home.proof.anchors()] == [1, 2]
    erase(home, recording)
    assert len(home.proof.anchors()) == 3


def test_the_key_store_is_copied_each_day_and_after_each_rotation(
    tmp_path: Path, calendar: Calendar
) -> None:
    settings = Settings(home=tmp_path / "home", keys_backup_dir=tmp_path / "keys")
    with closing(Home.open(settings, clock=calendar)) as home:
        recording = demo.prepare(home).recording
        calendar.now = datetime.now(UTC)  # noqa: TID251 - files have the system's time
        housekeeping.keep_keys(home)
        path = tmp_path / "keys" / "keys.json"
        first = path.read_bytes()
        home.keys.create(RecordingId(new_id()))
        housekeeping.keep_keys(home)
        assert path.read_bytes() == first
        calendar.now += timedelta(days=1, minutes=1)
        housekeeping.keep_keys(home)
        second = path.read_bytes()
        assert second != first
        erase(home, recording)
        third = path.read_bytes()
    assert recording.encode() in second
    assert set(json.loads(third)) == {"key_ring", "wrapped_key", "destroyed_key"}
    assert json.loads(third)["key_ring"] != json.loads(second)["key_ring"]
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["keys.json"]


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_a_rotation_that_needs_the_operator_is_noted_told_and_done_later(
    tmp_path: Path, calendar: Calendar
) -> None:
    old, new = a_key(), a_key()
    settings = Settings(home=tmp_path / "home", key_encryption_key=SecretStr(old))
    with closing(Home.open(settings, clock=calendar)) as home:
        recording = demo.prepare(home).recording
        erase(home, recording)
        assert rotated_at(home, recording) is None
        with home.reading() as tx:
            assert erasure.erasure_of(tx, recording).completed_at == NOW
    assert "1 erased recordings could be opened with an old copy" in told(settings)
    both = settings.model_copy(update={"key_encryption_key": SecretStr(f"{new},{old}")})
    with closing(Home.open(both, clock=calendar)) as home:
        housekeeping.keep_keys(home)
        assert rotated_at(home, recording) == NOW
    assert "1 older key-encryption keys are still in the settings" in told(both)
    only = settings.model_copy(update={"key_encryption_key": SecretStr(new)})
    assert told(only) == ""


def rotated_at(home: Home, recording: RecordingId) -> datetime | None:
    with home.reading() as tx:
        return erasure.erasure_of(tx, recording).keys_rotated_at


def told(settings: Settings) -> str:
    """Return what the doctor presses for."""
    return " ".join(finding.line for finding in examine(settings) if not finding.good)


def test_no_key_is_rotated_where_the_site_does_not_want_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", rotate_on_withdrawal=False)
    with closing(Home.open(settings)) as home:
        recording = demo.prepare(home).recording
        erase(home, recording)
        assert rotated_at(home, recording) is None
    assert told(settings) == ""


def test_a_rotation_overtaken_by_another_is_looked_at_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = demo.prepare(home).recording

    def overtaken(_keys: KeyStore) -> None:
        raise RotationOvertaken

    with monkeypatch.context() as patch:
        patch.setattr(KeyStore, "rotate", overtaken)
        erase(home, recording)
    assert rotated_at(home, recording) is None
    housekeeping.keep_keys(home)
    assert rotated_at(home, recording) == NOW


def test_the_doctor_says_what_would_be_lost_with_the_disk(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    Home.open(settings).close()
    lines = {finding.line: finding for finding in examine(settings)}
    beside = lines[f"proof folder {tmp_path / 'home' / 'proof'} is on the same disk"]
    assert beside.good
    assert "SAMSPIL_PROOF_DIR" in beside.advice
    assert "SAMSPIL_KEYS_BACKUP_DIR" in lines["no copy of the key store is kept"].advice
    apart = settings.model_copy(update={"keys_backup_dir": tmp_path / "keys"})
    assert "the key store is copied each day" in {found.line for found in examine(apart)}


def test_an_erasure_that_fails_hinders_no_other_and_is_not_kept_quiet(
    home: Home, calendar: Calendar
) -> None:
    shown = demo.prepare(home)
    recordings_due = sorted([shown.recording, flow.register(home, shown)])
    calendar.now = NOW + timedelta(days=4000)
    tried: list[RecordingId] = []

    def fail_first(recording: RecordingId, _because: ErasureReason) -> None:
        tried.append(recording)
        if len(tried) == 1:
            raise NotFound

    with pytest.raises(NotFound):
        housekeeping.erase_what_is_due(home, erase_one=fail_first)
    assert tried == recordings_due
