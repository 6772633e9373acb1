"""What is under way goes on with the step of the same number, whatever stages there are now."""

from datetime import UTC, datetime
from pathlib import Path

from dbos import DBOS

from consent.model import RecordingId
from pipeline.workflow import Hands, Workflow
from storage.identity import new_id
from storage.records import Request, RequestId, RequestKind, Stage
from storage.settings import Settings
from tests.faults import flow

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_a_flow_has_as_many_steps_as_when_phases_had_a_stage_of_their_own(tmp_path: Path) -> None:
    """One that was under way with an earlier version goes on at the step of the same number."""
    worked: list[Stage] = []
    ended: list[str] = []
    hands = Hands(
        work=lambda stage, _: worked.append(stage),
        reread=lambda _: None,
        erase=lambda _: None,
        finish=lambda request, *_: ended.append(request),
        beside={},
    )
    engine = Workflow(url=Settings(home=tmp_path).jobs(), worker="w", at_once=1, hands=hands)
    engine.start()
    try:
        wish = Request(RequestId(new_id()), RequestKind.PROCESS, RecordingId("r"), NOW)
        engine.take_on(wish)
        flow.wait_for(lambda: ended == [wish.id])
        steps = [step["function_name"] for step in DBOS.list_workflow_steps(wish.id)]
    finally:
        engine.stop()
    assert worked == list(Stage)
    assert steps[:13] == ["stage"] * 13
    assert worked[9:] == [Stage.TAG, Stage.PICTURE, Stage.INDEX]
