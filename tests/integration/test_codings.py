"""Marking on one's own: nobody sees the other's marks before both have finished."""

from typing import Any

import pytest

from consent.model import RecordingId
from storage import requests
from storage.records import RequestKind
from tests.house import OWNER, SUPERVISOR, House, intend, turn
from tests.integration.test_measures import count

TEXT = [turn(index, "hvad tænker du", start_ms=index * 5_000) for index in range(30)]


@pytest.fixture
def recording(house: House) -> RecordingId:
    recording = house.recording()
    house.transcript(recording, TEXT)
    return recording


@pytest.fixture
def coding(house: House, recording: RecordingId) -> str:
    chosen = {"start_ms": 0, "end_ms": 125_000, "codes": ["open_question", "reflection"]}
    id_: str = house.do(SUPERVISOR, recording, "begin_coding", **chosen)
    return id_


def shown(house: House, login: str, recording: RecordingId) -> dict[str, Any]:
    answer = house.browser(login).get(f"/api/recordings/{recording}/codings")
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["codings"]
    return dict(found)


def mark(house: House, login: str, recording: RecordingId, coding: str, *turns: int) -> None:
    marks = [(index, "open_question") for index in turns]
    house.do(login, recording, "mark_turns", id=coding, marks=marks)


def test_the_turns_of_the_stretch_are_to_be_marked(
    house: House, recording: RecordingId, coding: str
) -> None:
    found = shown(house, OWNER, recording)
    assert (found["id"], len(found["turns"])) == (coding, 25)
    assert {each["code"] for each in found["codes"]} == {"open_question", "reflection"}
    house.transcript(recording, TEXT[:3])  # a new version of the text moves nothing
    assert len(shown(house, OWNER, recording)["turns"]) == 25


def test_a_stretch_is_marked_by_the_codebook_that_was_chosen(
    house: House, recording: RecordingId
) -> None:
    chosen = {"start_ms": 0, "end_ms": 125_000, "book": "motivational", "codes": ["mi_affirm"]}
    id_ = house.do(SUPERVISOR, recording, "begin_coding", **chosen)
    house.do(OWNER, recording, "mark_turns", id=id_, marks=[(3, "mi_affirm")])
    assert [each["label"] for each in shown(house, OWNER, recording)["codes"]] == ["Affirms"]


def test_marks_stay_hidden_until_both_have_finished(
    house: House, recording: RecordingId, coding: str
) -> None:
    mark(house, SUPERVISOR, recording, coding, 0, 2, 4)
    house.do(SUPERVISOR, recording, "finish_coding", id=coding)
    theirs = shown(house, OWNER, recording)
    assert (theirs["theirs"], theirs["mine"], theirs["other_finished"]) == (None, [], True)

    mark(house, OWNER, recording, coding, 0, 2)
    assert shown(house, SUPERVISOR, recording)["theirs"] is None
    with house.home.reading() as tx:
        assert not requests.waiting(tx)
    house.do(OWNER, recording, "finish_coding", id=coding)
    both = [shown(house, login, recording) for login in (OWNER, SUPERVISOR)]
    assert both[0]["theirs"] == both[1]["mine"] == [[n, "open_question"] for n in (0, 2, 4)]
    assert both[1]["theirs"] == both[0]["mine"] == [[n, "open_question"] for n in (0, 2)]
    with house.home.reading() as tx:
        assert [each.kind for each in requests.waiting(tx)] == [RequestKind.MEASURE]


def test_how_far_two_agree_comes_with_the_figures(
    house: House, recording: RecordingId, coding: str
) -> None:
    for login in (OWNER, SUPERVISOR):
        mark(house, login, recording, coding, *range(0, 24, 2))
        house.do(login, recording, "finish_coding", id=coding)
    assert shown(house, OWNER, recording)["figures"] is None
    count(house, recording)
    figures = shown(house, OWNER, recording)["figures"]
    assert figures["codes"]["open_question"]["kappa"]["value"] == 1
    assert figures["turns"] == 25


def test_what_is_finished_cannot_be_changed(
    house: House, recording: RecordingId, coding: str
) -> None:
    house.do(OWNER, recording, "finish_coding", id=coding)
    browser = house.browser(OWNER)
    again = intend(browser, recording, "mark_turns", id=coding, marks=[[0, "reflection"]])
    assert again.status_code == 400, again.text
    assert again.json()["message"].startswith("You have finished")
    assert intend(browser, recording, "finish_coding", id=coding).status_code == 400


def test_a_stretch_is_removed_by_who_chose_it_while_not_both_have_finished(
    house: House, recording: RecordingId, coding: str
) -> None:
    assert not shown(house, OWNER, recording)["may_drop"]
    assert intend(house.browser(OWNER), recording, "drop_coding", id=coding).status_code == 403
    for login in (OWNER, SUPERVISOR):
        house.do(login, recording, "finish_coding", id=coding)
    late = intend(house.browser(SUPERVISOR), recording, "drop_coding", id=coding)
    assert late.status_code == 403
    chosen = {"start_ms": 0, "end_ms": 1, "codes": ["reflection"]}
    other = house.do(SUPERVISOR, recording, "begin_coding", **chosen)
    house.do(SUPERVISOR, recording, "drop_coding", id=other)
    assert shown(house, SUPERVISOR, recording)["id"] == coding


@pytest.mark.parametrize(
    ("intent", "arguments", "status"),
    [
        ("begin_coding", {"start_ms": 5, "end_ms": 5, "codes": ["reflection"]}, 400),
        ("begin_coding", {"start_ms": 0, "end_ms": 5, "codes": []}, 400),
        ("begin_coding", {"start_ms": 0, "end_ms": 5, "codes": ["nothing"]}, 400),
        ("begin_coding", {"start_ms": 0, "end_ms": 5, "codes": ["mi_affirm"]}, 400),
        ("begin_coding", {"start_ms": 0, "end_ms": 5, "codes": ["x"], "book": "nothing"}, 400),
        ("mark_turns", {"marks": [[0, "jargon"]]}, 400),
        ("mark_turns", {"marks": [[-1, "reflection"]]}, 400),
        ("mark_turns", {"marks": [], "id": "elsewhere"}, 404),
        ("finish_coding", {"id": "elsewhere"}, 404),
    ],
)
def test_what_does_not_fit_is_refused(  # noqa: PLR0917
    house: House,
    recording: RecordingId,
    coding: str,
    intent: str,
    arguments: dict[str, object],
    status: int,
) -> None:
    sent = arguments if intent == "begin_coding" else {"id": coding, **arguments}
    assert intend(house.browser(OWNER), recording, intent, **sent).status_code == status


def test_another_recordings_stretch_looks_like_none(
    house: House, recording: RecordingId, coding: str
) -> None:
    other = house.recording()
    for intent, more in (("mark_turns", {"marks": []}), ("finish_coding", {}), ("drop_coding", {})):
        sent = {"id": coding, **more}
        assert intend(house.browser(SUPERVISOR), other, intent, **sent).status_code == 404
    assert len(shown(house, SUPERVISOR, recording)["turns"]) == 25


def test_a_text_corrected_meanwhile_is_still_marked_as_it_was_when_the_stretch_was_begun(
    house: House, recording: RecordingId
) -> None:
    correct(house, OWNER, recording, "split_turn", turn=0, word=1, revision=0)
    chosen = {"start_ms": 0, "end_ms": 125_000, "codes": ["open_question"]}
    coding = house.do(SUPERVISOR, recording, "begin_coding", **chosen)
    begun = shown(house, SUPERVISOR, recording)
    assert [each["text"] for each in begun["turns"][:2]] == ["hvad", "tænker du"]
    assert begun["corrected_since"] is False
    mark(house, SUPERVISOR, recording, coding, *range(0, 26, 2))
    house.do(SUPERVISOR, recording, "finish_coding", id=coding)

    correct(house, OWNER, recording, "merge_turns", turn=1, revision=1)
    correct(house, OWNER, recording, "split_turn", turn=5, word=2, revision=2)
    house.transcript(recording, TEXT[:3])
    later = shown(house, OWNER, recording)
    assert (later["turns"], later["corrected_since"]) == (begun["turns"], True)
    mark(house, OWNER, recording, coding, *range(0, 26, 2))
    house.do(OWNER, recording, "finish_coding", id=coding)
    count(house, recording)
    compared = shown(house, OWNER, recording)
    assert compared["figures"]["turns"] == len(begun["turns"]) == 26
    assert compared["figures"]["codes"]["open_question"]["kappa"]["value"] == 1


def correct(house: House, login: str, recording: RecordingId, intent: str, **more: object) -> None:
    sent = {"intent": intent, **more}
    answer = house.browser(login).post(f"/api/recordings/{recording}/text", json=sent)
    assert answer.status_code == 200, answer.text
