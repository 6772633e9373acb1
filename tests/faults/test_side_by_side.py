"""Two transactions at the same time on a real database: nothing is lost, nobody works twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from consent.model import RecordingId
from storage import audit, cycles, recordings, requests
from storage.errors import Conflict
from storage.home import Home
from storage.records import Minutes, NewRecording, Plan, RequestKind, Side
from storage.settings import Settings
from storage.transaction import Transaction
from tests.contract.storage.scene import ROSTER, begin_site
from tests.new_home import new_home

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
AT_ONCE = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("fresh_postgres_url") if on_server else ""
    home = new_home(Settings(home=tmp_path, database_url=url), clock=lambda: NOW)
    yield home
    home.close()


@pytest.fixture
def recording(home: Home) -> RecordingId:
    with home.transaction() as tx:
        return begin_site(tx).recording().id


def at_once(home: Home, act: Callable[[Transaction], object]) -> list[object]:
    """Return what each of several threads got from doing this at the same time."""
    start = Barrier(AT_ONCE)

    def one(_: int) -> object:
        start.wait()
        try:
            with home.transaction() as tx:
                return act(tx)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_recordings_made_at_once_have_numbers_of_their_own(
    home: Home, recording: RecordingId
) -> None:
    with home.reading() as tx:
        first = recordings.recording(tx, recording)
    new = NewRecording(first.course, NOW, ROSTER)
    at_once(home, lambda tx: recordings.add_recording(tx, new, owner=first.owner))
    with home.reading() as tx:
        kept = recordings.recordings_of(tx, course=first.course)
    assert [recording.number for recording in kept] == list(range(1, AT_ONCE + 2))


def test_asking_at_once_makes_one_request(home: Home, recording: RecordingId) -> None:
    asked = at_once(home, lambda tx: requests.ask(tx, RequestKind.PROCESS, recording))
    assert len(set(asked)) == 1
    with home.reading() as tx:
        assert list(requests.waiting(tx)) == asked[:1]


def test_a_request_goes_to_one_worker(home: Home, recording: RecordingId) -> None:
    with home.transaction() as tx:
        requests.ask(tx, RequestKind.PROCESS, recording)
        requests.ask(tx, RequestKind.ERASE, recording)

    def pick(tx: Transaction) -> tuple[str, ...]:
        found = requests.waiting(tx, limit=1)
        for request in found:
            requests.mark_picked(tx, request.id)
        return tuple(request.id for request in found)

    picked = [id_ for ids in at_once(home, pick) for id_ in ids]  # type: ignore[attr-defined]
    assert len(picked) == len(set(picked)) == 2


def test_audit_entries_written_at_once_make_one_chain(home: Home, recording: RecordingId) -> None:
    def act(tx: Transaction) -> None:
        for place in range(5):
            audit.append(tx, actor="u1", action="view", subject=recording, detail={"n": place})

    at_once(home, act)
    with home.reading() as tx:
        assert audit.verify(tx) == AT_ONCE * 5


def test_of_those_who_save_minutes_at_once_one_wins_and_the_others_are_told(
    home: Home, recording: RecordingId
) -> None:
    for revision in (0, 1):
        minutes = Minutes(recording, (), (), Plan(), revision)
        found = at_once(home, partial(cycles.save_minutes, minutes=minutes, by=Side.SUPERVISOR))
        saved = [kept.revision for kept in found if isinstance(kept, Minutes)]
        assert saved == [revision + 1]
        assert sum(isinstance(refused, Conflict) for refused in found) == AT_ONCE - 1
