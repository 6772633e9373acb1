from storage import workers
from storage.transaction import Transaction
from tests.contract.storage.scene import after


class TestWorkers:
    def test_a_worker_lives_while_it_is_heard_of(self, tx: Transaction) -> None:
        workers.report_worker(tx, "w1")
        workers.report_worker(tx, "w2")
        workers.report_worker(after(tx, seconds=20), "w2")
        assert workers.live_workers(after(tx, seconds=29), within_s=30) == ("w1", "w2")
        assert workers.live_workers(after(tx, seconds=30), within_s=30) == ("w2",)

    def test_one_that_has_ended_is_forgotten(self, tx: Transaction) -> None:
        workers.report_worker(tx, "w1")
        workers.drop_worker(tx, "w1")
        assert workers.live_workers(tx, within_s=30) == ()
