"""A worker killed in any stage: the next one goes on there, and nothing is done twice."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from consent.model import RecordingId
from storage import audit, requests
from storage.home import Home
from storage.records import BlobRole, RequestKind, Stage, StageState
from storage.settings import Settings
from storage.tables import BlobRow, TagRow, TranscriptRow
from tests.conftest import S3Endpoint
from tests.faults import flow
from tests.faults.in_process import be_worker_that_waits
from tests.new_home import new_home


@pytest.fixture(params=["embedded", "scaled"])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Give the settings of a site: one folder, or PostgreSQL and S3."""
    embedded = {"SAMSPIL_HOME": str(tmp_path / "home")}
    return embedded if request.param == "embedded" else {**embedded, **_servers(request)}


def _servers(request: pytest.FixtureRequest) -> dict[str, str]:
    url: str = request.getfixturevalue("fresh_postgres_url")
    s3: S3Endpoint = request.getfixturevalue("s3_endpoint")
    return {
        "SAMSPIL_DATABASE_URL": url,
        "SAMSPIL_KEYS_URL": url,
        "SAMSPIL_S3_BUCKET": s3.bucket,
        "SAMSPIL_S3_ENDPOINT": s3.url,
        "SAMSPIL_S3_ACCESS_KEY": s3.access_key_id,
        "SAMSPIL_S3_SECRET_KEY": s3.secret_access_key,
    }


@pytest.fixture
def home(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    opened = new_home(Settings())
    yield opened
    opened.close()


def check_nothing_twice(home: Home, recording: RecordingId) -> None:
    assert flow.all_done(home, recording)
    with home.reading() as tx:
        about = lambda row: tx.session.exec(select(row).where(row.recording == recording)).all()  # noqa: E731
        assert [row.version for row in about(TranscriptRow)] == [1]
        tags = [(row.codebook, row.code, row.start_ms) for row in about(TagRow)]
        assert len(tags) == len(set(tags))
        assert [row.role for row in about(BlobRow)].count(BlobRole.SOURCE) == 1
        told = [e.detail["stage"] for e in audit.entries_about(tx, recording)]
        assert sorted(told) == sorted(Stage)
        assert not requests.has_open(tx, recording)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("env", ["embedded"], indirect=True)
def test_a_worker_killed_in_every_stage_in_turn_goes_on_at_that_stage(  # noqa: PLR0917
    env: dict[str, str],
    home: Home,
    workers: list[flow.WorkerProcess],
    tmp_path: Path,
    moment: str,
) -> None:
    recording = flow.take_in(home, flow.sample(tmp_path))
    done: dict[Stage, object] = {}
    for stage in Stage:
        waiting = tmp_path / stage
        workers.append(flow.begin(be_worker_that_waits, env, f"{stage},{moment},{waiting}"))
        flow.wait_for(waiting.exists)
        workers[-1].kill()
        now = flow.moments_of(home, recording)
        assert {earlier: now[earlier] for earlier in done} == done
        assert set(now) == set(list(Stage)[: list(Stage).index(stage)])
        assert flow.runs_of(home, recording)[stage].state is StageState.RUNNING
        done = dict(now)
    workers.append(flow.begin_worker(env))
    flow.wait_for(lambda: flow.is_over(home, recording))
    check_nothing_twice(home, recording)


@pytest.mark.slow
@pytest.mark.parametrize("env", ["embedded"], indirect=True)
def test_a_killed_worker_takes_its_child_with_it_and_the_next_goes_on(
    env: dict[str, str], home: Home, workers: list[flow.WorkerProcess], tmp_path: Path
) -> None:
    recording = flow.take_in(home, flow.sample(tmp_path))
    workers.append(flow.begin_worker(env))
    pid = workers[0].process.pid
    assert pid is not None
    flow.wait_for(lambda: _is_running(home, recording, Stage.SPEECH))
    children = flow.children_of(pid)
    workers[0].kill()
    orphaned_s = flow.wait_for(lambda: not children & flow.living())
    before = flow.moments_of(home, recording)
    workers.append(flow.begin_worker(env))
    resumed_s = flow.wait_for(lambda: flow.children_of(workers[1].process.pid or 0))
    flow.wait_for(lambda: flow.is_over(home, recording))
    after = flow.moments_of(home, recording)
    assert {stage: after[stage] for stage in before} == before
    check_nothing_twice(home, recording)
    print(f"child dead after {orphaned_s:.2f} s, gone on after {resumed_s:.2f} s")  # noqa: T201


def _is_running(home: Home, recording: RecordingId, stage: Stage) -> bool:
    run = flow.runs_of(home, recording).get(stage)
    return run is not None and run.state is not StageState.WAITING


@pytest.mark.slow
def test_when_one_of_two_workers_is_killed_the_other_takes_over(
    env: dict[str, str], home: Home, workers: list[flow.WorkerProcess], tmp_path: Path
) -> None:
    film = flow.sample(tmp_path)
    longer = flow.sample(tmp_path, seconds=flow.SECONDS + 1)
    first = flow.take_in(home, film)
    workers.append(flow.begin_worker(env))
    flow.wait_for(lambda: _is_running(home, first, Stage.SPEECH))
    second = flow.take_in(home, longer)
    other = {**env, "SAMSPIL_HOME": str(tmp_path / "machine-2")} if len(env) > 1 else env
    if len(env) > 1:
        (tmp_path / "machine-2" / "keys").mkdir(parents=True, mode=0o700)
        kek = tmp_path / "machine-2" / "keys" / "kek"
        kek.write_bytes((tmp_path / "home" / "keys" / "kek").read_bytes())
        kek.chmod(0o400)
    workers.append(flow.begin_worker(other))
    flow.wait_for(lambda: _is_running(home, second, Stage.INGEST))
    workers[0].kill()
    seconds = flow.wait_for(lambda: flow.is_over(home, first) and flow.is_over(home, second))
    for recording in (first, second):
        check_nothing_twice(home, recording)
    print(f"both done {seconds:.1f} s after the kill")  # noqa: T201


@pytest.mark.slow
@pytest.mark.parametrize("env", ["embedded"], indirect=True)
def test_a_worker_that_is_stopped_leaves_its_stage_to_the_next(
    env: dict[str, str], home: Home, workers: list[flow.WorkerProcess], tmp_path: Path
) -> None:
    from pipeline.worker import Worker  # noqa: PLC0415 - heavy, and only for this

    recording = flow.take_in(home, flow.sample(tmp_path))
    worker = Worker(home)
    worker.start()
    flow.wait_for(lambda: _is_running(home, recording, Stage.PROXY))
    worker.stop()
    states = [run.state for run in flow.runs_of(home, recording).values()]
    assert set(states) <= {StageState.DONE, StageState.RUNNING}
    assert not flow.children_of(os.getpid()) & _named("pipeline.children.child")
    assert not flow.is_over(home, recording)
    workers.append(flow.begin_worker(env))
    flow.wait_for(lambda: flow.is_over(home, recording))
    check_nothing_twice(home, recording)


def _named(module: str) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if module.encode() in path.read_bytes():
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize("env", ["scaled"], indirect=True)
def test_asking_again_while_it_runs_makes_no_second_text(
    env: dict[str, str], home: Home, workers: list[flow.WorkerProcess], tmp_path: Path
) -> None:
    recording = flow.take_in(home, flow.sample(tmp_path, seconds=3))
    workers += [flow.begin_worker(env), flow.begin_worker(env)]
    flow.wait_for(lambda: _is_running(home, recording, Stage.PROBE))
    flow.ask(home, recording, RequestKind.PROCESS)
    flow.wait_for(lambda: flow.is_over(home, recording))
    check_nothing_twice(home, recording)
