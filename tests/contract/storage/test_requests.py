import pytest

from storage import requests
from storage.errors import NotFound
from storage.records import RequestId, RequestKind, Stage, StageRun, StageState
from storage.transaction import Transaction
from tests.contract.storage.scene import Site, after


class TestRequests:
    def test_asking_twice_is_asking_once_while_it_waits(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        first = requests.ask(tx, RequestKind.PROCESS, recording)
        assert requests.ask(after(tx, seconds=9), RequestKind.PROCESS, recording) == first
        assert requests.waiting(tx) == (first,)

    def test_once_picked_up_it_may_be_asked_again(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        first = requests.ask(tx, RequestKind.PROCESS, recording)
        requests.mark_picked(tx, first.id)
        second = requests.ask(tx, RequestKind.PROCESS, recording)
        assert second.id != first.id
        assert requests.waiting(tx) == (second,)

    def test_erasures_come_first_then_the_oldest(self, tx: Transaction, site: Site) -> None:
        asked = [site.recording().id for _ in range(3)]
        processes = [
            requests.ask(after(tx, seconds=place), RequestKind.PROCESS, recording)
            for place, recording in enumerate(asked)
        ]
        erase = requests.ask(after(tx, hours=1), RequestKind.ERASE, asked[1])
        assert requests.waiting(tx) == (erase, *processes)
        assert requests.waiting(tx, limit=2) == (erase, processes[0])

    def test_what_is_done_does_not_wait(self, tx: Transaction, site: Site) -> None:
        request = requests.ask(tx, RequestKind.ERASE, site.recording().id)
        requests.mark_done(tx, request.id, error="store_full")
        assert requests.waiting(tx) == ()

    def test_one_that_an_erasure_took_away_ends_quietly(self, tx: Transaction) -> None:
        requests.mark_done(tx, RequestId("none"))
        with pytest.raises(NotFound):
            requests.mark_picked(tx, RequestId("none"))


class TestStageRuns:
    def test_the_last_report_of_each_stage_counts(self, tx: Transaction, site: Site) -> None:
        recording = site.recording().id
        done = StageRun(recording, Stage.TRANSCRIBE, StageState.DONE, 1.0, 12.5, 800.0, None, "v1")
        failed = StageRun(recording, Stage.PROBE, StageState.FAILED, error="media_broken")
        requests.report_stage(tx, StageRun(recording, Stage.TRANSCRIBE, StageState.RUNNING, 0.4))
        for run in (done, failed):
            requests.report_stage(tx, run)
        assert requests.stage_runs_of(tx, recording) == (failed, done)
