"""Figures: asked for, counted, shown to the two in their language, beside nobody else's."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from consent.model import Event, RecordingId
from pipeline.errands import Errands
from pipeline.errors import StageKilled
from pipeline.stages import measure
from pipeline.stages.workshop import Engines, Workshop
from pipeline.worker import Worker
from storage import accounts, annotations, requests
from storage.errors import NotFound
from storage.records import BlobRole, RequestKind, Turn, Verdict
from tests.faults import flow
from tests.figures import a_figure, counted
from tests.house import OWNER, SUPERVISOR, House, intend, turn

CONVERSATION = [
    turn(index, text, start_ms=index * 5_000)
    for index, text in enumerate(["hvad tænker du om skolen nu", "det ved jeg ikke"] * 40)
]


@pytest.fixture
def recording(house: House) -> RecordingId:
    return talked(house)


def talked(house: House, turns: list[Turn] = CONVERSATION) -> RecordingId:
    house.clock.go_on(days=1)
    recording = house.recording()
    house.transcript(recording, turns)
    return recording


def shown(house: House, login: str, recording: RecordingId) -> dict[str, Any]:
    answer = house.browser(login).get(f"/api/recordings/{recording}/measures")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def one(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["figures"] if each["measure"] == name)
    return found


def count(house: House, recording: RecordingId) -> None:
    """Count as a worker's child does."""
    nothing = Engines(recognizer=_unused, voice_activity=_unused, diarizer=_unused)
    measure.run(recording, shop=Workshop(house.home, nothing, lambda _: None))


def _unused() -> Any:  # noqa: ANN401 - never called
    raise AssertionError


def test_what_was_never_counted_is_asked_for(house: House, recording: RecordingId) -> None:
    assert shown(house, SUPERVISOR, recording) == {
        "fresh": False,
        "quality": None,
        "unjudged": 0,
        "figures": [],
    }
    house.do(OWNER, recording, "count_figures")
    house.do(SUPERVISOR, recording, "count_figures")  # the same, as it still waits
    with house.home.reading() as tx:
        assert [(r.kind, r.recording) for r in requests.waiting(tx)] == [
            (RequestKind.MEASURE, recording)
        ]
    assert house.audited(recording).count("figures_asked") == 2


def test_what_is_counted_is_told_in_words(house: House, recording: RecordingId) -> None:
    count(house, recording)
    document = shown(house, SUPERVISOR, recording)
    assert document["fresh"]
    share = one(document, "talk_share")
    assert share["value"].endswith(" %")
    assert share["between"].startswith("between ")
    assert share["count"].endswith("half-minutes")
    assert share["formula"]
    assert share["source"]
    assert share["caveat"]
    few = one(document, "open_questions")
    assert (few["value"], few["withheld"]) == (
        None,
        "Not shown: there are 0, and at least 15 are needed.",
    )


def test_figures_are_told_in_the_readers_language(house: House, recording: RecordingId) -> None:
    house.document(recording, BlobRole.MEASURES, counted("skolen"))
    with house.home.transaction() as tx:
        accounts.choose_language(tx, house.people[OWNER].id, language="da")
    words = one(shown(house, OWNER, recording), "own_words")
    assert words["value"] == "8,4 procentpoint over tilfældet"
    assert words["between"] == "mellem 7,6 og 9,2"
    assert words["moments"] == [{"start_ms": 12_000, "end_ms": 15_000, "words": ["skolen"]}]


def test_a_verdict_makes_figures_old(house: House, recording: RecordingId) -> None:
    _, tag = house.suggest(recording)
    count(house, recording)
    assert shown(house, SUPERVISOR, recording)["fresh"]
    house.do(SUPERVISOR, recording, "judge_tag", id=tag, verdict="confirmed")
    assert not shown(house, SUPERVISOR, recording)["fresh"]
    count(house, recording)
    assert shown(house, SUPERVISOR, recording)["fresh"]
    house.transcript(recording, CONVERSATION[:50])
    assert not shown(house, SUPERVISOR, recording)["fresh"]


def test_what_rests_on_marks_waits_for_their_release(house: House, recording: RecordingId) -> None:
    house.document(recording, BlobRole.MEASURES, counted())
    before = shown(house, OWNER, recording)
    questions = one(before, "open_questions")
    assert (questions["value"], questions["moments"], before["unjudged"]) == (None, [], 0)
    assert questions["count"].startswith("0 ")
    assert one(before, "talk_share")["value"] == "62 %"
    assert one(shown(house, SUPERVISOR, recording), "open_questions")["value"] == "40 %"
    house.release(recording)
    after = shown(house, OWNER, recording)
    assert (one(after, "open_questions")["value"], after["unjudged"]) == ("40 %", 4)


def test_only_the_same_caseworkers_earlier_conversations_stand_beside(house: House) -> None:
    first, withdrawn, uncounted, here, later = (talked(house) for _ in range(5))
    long_ago = house.clock() - timedelta(days=40)
    others = house.recording(course=house.other_course, recorded_at=long_ago)
    for recording in (first, withdrawn, here, later, others):
        house.document(recording, BlobRole.MEASURES, counted())
    house.answer(withdrawn, Event.WITHDRAWN)
    for login in (OWNER, SUPERVISOR):
        share = one(shown(house, login, here), "talk_share")
        assert share["earlier"] == [
            {"number": 1, "value": "62 %", "between": "between 56 % and 68 %".replace(" %", "")}
        ]
        assert one(shown(house, login, here), "silence_left")["earlier"] == []
    assert "figures_compared" in house.audited(first)
    assert not {"figures_compared"} & {*house.audited(others), *house.audited(uncounted)}


def test_a_mark_in_an_earlier_conversation_is_told_only_when_released(house: House) -> None:
    first, here = talked(house), talked(house)
    for recording in (first, here):
        house.document(recording, BlobRole.MEASURES, counted())
    house.release(here)
    assert one(shown(house, OWNER, here), "open_questions")["earlier"] == []
    assert one(shown(house, SUPERVISOR, here), "open_questions")["earlier"]


def test_nobody_else_gets_figures_or_may_ask(house: House, recording: RecordingId) -> None:
    house.document(recording, BlobRole.MEASURES, counted())
    for login in ("xenia", "yrsa", "karen", "adam", "rune"):
        assert house.browser(login).get(f"/api/recordings/{recording}/measures").status_code == 403
        assert intend(house.browser(login), recording, "count_figures").status_code == 403


def test_only_confirmed_marks_of_the_conversation_codebook_count(
    house: House, recording: RecordingId
) -> None:
    with house.home.transaction() as tx:
        for place in range(20):
            for codebook in ("conversation@1", "package_1@1"):
                annotations.add_tag(
                    tx,
                    recording,
                    codebook=codebook,
                    code="open_question",
                    start_ms=place * 10_000,
                    end_ms=place * 10_000 + 900,
                    by=house.people[SUPERVISOR].id,
                )
        [*_, last] = annotations.tags_of(tx, house.permit(recording))
        annotations.judge_tag(tx, last.id, verdict=Verdict.CONFIRMED, by=last.by)  # type: ignore[arg-type]
    count(house, recording)
    assert one(shown(house, SUPERVISOR, recording), "open_questions")["count"] == (
        "20 confirmed questions"
    )


class _ChildHere:
    """Stands for a child: does the task that it is told here."""

    def run(self, task: str, args: dict[str, str], **_more: object) -> None:
        module, _, name = task.partition(":")
        getattr(import_module(module), name)(lambda _: None, **args)

    def kill(self) -> None:
        """End; there is nothing to end."""


def test_a_worker_counts_what_is_asked_for(
    house: House, recording: RecordingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Engines(recognizer=_unused, voice_activity=_unused, diarizer=_unused)
    monkeypatch.setattr("pipeline.errands.Supervised", _ChildHere)
    monkeypatch.setattr("pipeline.stages.work.place", lambda: (house.home, nothing))
    house.do(SUPERVISOR, recording, "count_figures")
    worker = Worker(house.home)
    worker.start()
    try:
        flow.wait_for(lambda: _has_ended(house))
    finally:
        worker.stop()
    with house.home.reading() as tx:
        assert not requests.has_open(tx, recording)
    assert one(shown(house, SUPERVISOR, recording), "talk_share")["value"]


def _has_ended(house: House) -> bool:
    """Return whether the engine has noted the end of the work: then it writes no more."""
    engine = create_engine(house.home.settings.jobs())
    with engine.connect() as connection:
        found = connection.execute(text("SELECT status FROM workflow_status")).scalars().all()
    engine.dispose()
    return found == ["SUCCESS"]


def test_a_worker_that_stops_counts_nothing_more(recording: RecordingId) -> None:
    errands = Errands(is_allowed=lambda _: True)
    errands.stop()
    assert isinstance(errands.run(RequestKind.MEASURE, recording), StageKilled)


def test_without_a_text_there_is_nothing_to_count(house: House) -> None:
    with pytest.raises(NotFound):
        count(house, house.recording())


def test_a_figure_has_words_for_all_that_may_be_withheld(
    house: House, recording: RecordingId
) -> None:
    reasons = ("too_short", "speakers_doubtful", "text_doubtful", "one_is_silent", "only_two")
    figures = [a_figure("tempo", None, withheld=reason) for reason in reasons]
    house.document(recording, BlobRole.MEASURES, counted(figures=figures))
    told = [each["withheld"] for each in shown(house, SUPERVISOR, recording)["figures"]]
    assert len(set(told)) == len(reasons)
    assert all(text.startswith("Not shown:") for text in told)
