"""Somebody withdraws while their film is being worked on."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from consent.errors import ConsentMissing
from consent.model import Event, Evidence, EvidenceId, Method, Purpose, RecordingId
from pipeline import presence
from pipeline.children.parent import Outcome
from pipeline.errors import StageKilled
from pipeline.worker import Worker
from review_app.commands.intake import record_answer
from storage import accounts, audit, consent_ledger, recordings, requests
from storage.database import make_engine
from storage.erasure import begin_erasure, due, erase, erasures, unfinished_erasures
from storage.errors import NotFound
from storage.holds import lift_hold, place_hold
from storage.home import Home
from storage.identity import new_id
from storage.records import BlobRole, HoldKind, Stage, StageState
from storage.vault.errors import KeyDestroyed
from tests import films
from tests.fair_clock import fair_clock
from tests.faults import flow
from tests.faults.in_process import ChildHere, children_here


def heavy_film(folder: Path) -> Path:
    """Return a film that takes ffmpeg some seconds to make playable."""
    path = folder / "heavy.avi"
    path.write_bytes(
        films.made(
            "avi",
            *films.picture(10, size="1280x720", rate=30),
            *films.tone(10),
            *("-c:v", "mpeg4", "-q:v", "5", "-c:a", "pcm_s16le"),
        )
    )
    return path


def withdraw_in_app(home: Home, recording: RecordingId) -> None:
    """Do what the page does when the caseworker writes down that the youth withdraws."""
    with home.transaction() as tx:
        owner = accounts.user(tx, recordings.recording(tx, recording).owner)
        person = consent_ledger.roster_of(tx, recording)[0].person
        told = Evidence(
            id=EvidenceId(new_id()),
            recording=recording,
            person=person,
            purpose=Purpose.SUPERVISION,
            event=Event.WITHDRAWN,
            at=tx.at,
            method=Method.DIGITAL,
            valid_from=tx.at.date(),
        )
        record_answer(tx, owner, told)


def check_erased(home: Home, recording: RecordingId) -> None:
    with home.reading() as tx:
        [proof] = [e for e in erasures(tx) if e.recording == recording]
        assert proof.key_destroyed_at
        assert proof.completed_at
        assert unfinished_erasures(tx) == ()
        assert [e.action for e in audit.entries_about(tx, recording)].count("erased") == 1
        assert requests.stage_runs_of(tx, recording) == ()
        with pytest.raises(NotFound):
            recordings.blob_of(tx, recording, BlobRole.SOURCE)
    with pytest.raises(KeyDestroyed):
        home.keys.data_key(recording)
    assert not [p for p in home.settings.home.rglob(f"*{recording}*/**/*") if p.is_file()]


@pytest.mark.slow
def test_a_withdrawal_kills_child_and_ffmpeg_within_a_second_and_erases(
    env: dict[str, str], site: Home, workers: list[flow.WorkerProcess], tmp_path: Path
) -> None:
    kept = flow.take_in(site, heavy_film(tmp_path))
    workers.append(flow.begin_worker(env))
    pid = workers[0].process.pid
    assert pid is not None
    flow.wait_for(lambda: _encodes(site, kept, pid))
    flow.answer(site, kept, Event.WITHDRAWN, people=1)
    with fair_clock() as seconds:
        flow.wait_for(lambda: not flow.children_of(pid))
        refused_s = seconds()
    flow.wait_for(lambda: flow.is_over(site, kept))
    runs = flow.runs_of(site, kept)
    assert runs[Stage.PROXY].state is StageState.REFUSED
    assert runs[Stage.PROXY].error is None
    assert list(runs) == [Stage.INGEST, Stage.JOIN, Stage.PROBE, Stage.PROXY]
    flow.ask(site, kept)
    flow.wait_for(lambda: flow.is_over(site, kept))
    assert flow.runs_of(site, kept)[Stage.PROXY].state is StageState.REFUSED

    flow.answer(site, kept, Event.GIVEN)
    flow.ask(site, kept)
    flow.wait_for(lambda: _encodes(site, kept, pid))
    withdraw_in_app(site, kept)
    with fair_clock() as seconds:
        flow.wait_for(lambda: not flow.children_of(pid))
        erased_s = seconds()
    flow.wait_for(lambda: flow.is_over(site, kept))
    check_erased(site, kept)
    print(f"dead {refused_s:.2f} s after a withdrawal, {erased_s:.2f} s after one that erases")  # noqa: T201
    assert max(refused_s, erased_s) < 1


def _encodes(home: Home, recording: RecordingId, pid: int) -> bool:
    """Return whether the proxy is being made, by the child and a program of its own."""
    run = flow.runs_of(home, recording).get(Stage.PROXY)
    return run is not None and run.state is StageState.RUNNING and len(flow.children_of(pid)) > 1


class ChildHeld(ChildHere):
    """A child whose stage has just begun when something happens; then it is looked after."""

    meanwhile: Callable[[], None]

    def run(
        self,
        task: str,
        args: Mapping[str, str],
        *,
        progress: Callable[[float], None],
        still_allowed: Callable[[], bool],
        limit_s: float,
    ) -> Outcome:
        type(self).meanwhile()
        return super().run(
            task, args, progress=progress, still_allowed=still_allowed, limit_s=limit_s
        )


@pytest.mark.parametrize("happens", ["withdrawn", "stopped", "erasing", "erased"])
def test_a_stage_that_may_not_go_on_is_noted_with_the_reason(
    site: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    recording = flow.take_in(site, flow.sample(tmp_path, seconds=3))

    def meanwhile() -> None:
        match happens:
            case "withdrawn":
                flow.answer(site, recording, Event.WITHDRAWN, people=1)
            case "erasing":
                with site.transaction() as tx:
                    begin_erasure(tx, recording)
            case "erased":
                erase(site, recording)
            case _:
                raise StageKilled

    monkeypatch.setattr(ChildHeld, "meanwhile", staticmethod(meanwhile), raising=False)
    monkeypatch.setattr("pipeline.worker.Supervised", ChildHeld)
    worker = Worker(site)
    try:
        with pytest.raises(StageKilled):
            worker.work(Stage.PROBE, recording)
    finally:
        worker.stop()
    with site.reading() as tx:
        found = [e for e in audit.entries_about(tx, recording) if e.action == "permit_denied"]
    why = "erased" if happens == "erasing" else happens
    assert [(each.actor, each.detail) for each in found] == [
        ("worker", {"purpose": "supervision", "kind": why, "stage": "probe"})
    ]
    run = flow.runs_of(site, recording).get(Stage.PROBE)
    told = None if happens == "erased" else StageState.REFUSED
    assert (run.state if run else None) == told


def test_an_interrupted_erasure_is_finished_when_a_worker_starts(
    site: Home, tmp_path: Path
) -> None:
    recording = flow.take_in(site, flow.sample(tmp_path, seconds=3), agreed=False)
    with site.transaction() as tx:
        begin_erasure(tx, recording)
    site.keys.destroy(recording)
    worker = Worker(site)
    worker.start()
    try:
        flow.wait_for(lambda: _is_erased(site))
        flow.wait_for(lambda: _said_so(site, recording))
    finally:
        worker.stop()
    check_erased(site, recording)


def _is_erased(home: Home) -> bool:
    with home.reading() as tx:
        return not unfinished_erasures(tx)


def _said_so(home: Home, recording: RecordingId) -> bool:
    with home.reading() as tx:
        return any(e.action == "erased" for e in audit.entries_about(tx, recording))


def test_without_consent_the_film_is_kept_and_nobody_opens_it(site: Home, tmp_path: Path) -> None:
    recording = flow.take_in(site, flow.sample(tmp_path, seconds=3), agreed=False)
    with site.reading() as tx:
        assert recordings.blob_of(tx, recording, BlobRole.SOURCE).size > 0
        with pytest.raises(ConsentMissing):
            consent_ledger.permit(tx, recording)
        assert not requests.has_open(tx, recording)


def test_a_dead_worker_of_this_machine_is_known_at_once(tmp_path: Path) -> None:
    living = presence.Presence(tmp_path, name="living")
    ended = presence.Presence(tmp_path, name="ended")
    assert presence.dead_workers(tmp_path) == ()
    ended.leave()
    assert presence.dead_workers(tmp_path) == ("ended",)
    presence.forget(tmp_path, name="ended")
    assert presence.dead_workers(tmp_path) == ()
    living.leave()


def test_a_held_recording_is_locked_at_once_and_erased_when_the_duty_is_lifted(
    site: Home, tmp_path: Path
) -> None:
    recording = flow.take_in(site, flow.sample(tmp_path, seconds=3))
    with site.transaction() as tx:
        by = recordings.recording(tx, recording).owner
        hold = place_hold(tx, recording, kind=HoldKind.CONCERN, ground="duty", by=by)
    withdraw_in_app(site, recording)
    with children_here():
        worker = Worker(site, tidy_s=0.2)
        worker.start()
        try:
            flow.wait_for(lambda: flow.is_over(site, recording))
            with site.reading() as tx:
                with pytest.raises(ConsentMissing):
                    consent_ledger.permit(tx, recording)
                assert due(tx) == {}
            assert site.keys.data_key(recording)
            with site.transaction() as tx:
                lift_hold(tx, hold.id, by=by)
            flow.wait_for(lambda: _is_completed(site, recording))
            flow.wait_for(lambda: not _in_engine(site, recording))
        finally:
            worker.stop()
    check_erased(site, recording)


def _is_completed(home: Home, recording: RecordingId) -> bool:
    with home.reading() as tx:
        return any(e.completed_at for e in erasures(tx) if e.recording == recording)


def _in_engine(home: Home, recording: RecordingId) -> list[str]:
    """Return the tables of the durable engine in which a recording is still named."""
    engine = make_engine(home.settings.jobs())
    with engine.connect() as connection:
        tables = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table'")
        ).scalars()
        found = [
            name
            for name in list(tables)
            if any(
                recording in repr(tuple(row))
                for row in connection.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608 - a name of the engine's
            )
        ]
    engine.dispose()
    return found
