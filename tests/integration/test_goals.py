"""Own goals in a course: written by one, seen by two, and erased with what they speak of."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from consent.model import Event, Role
from pipeline import housekeeping
from storage import erasure, goals
from storage.vault.errors import KeyDestroyed
from tests.house import OWNER, PLAN, STRANGERS, SUPERVISOR, House, open_house

SENTENCE = "Den unge når at tænke færdig, inden jeg siger noget."
GOAL = {"goal": SENTENCE, "week": 12, "sign": "A fortæller selv", "means": "", "reason": "Ro"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home")


def ask(house: House, login: str | None, intent: str, **arguments: object) -> Response:
    path = f"/api/courses/{house.course.id}/intents"
    return house.browser(login).post(path, json={"intent": intent, **arguments})


def shown(house: House, login: str = OWNER) -> dict[str, Any]:
    answer = house.browser(login).get(f"/api/courses/{house.course.id}/goals")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def write(house: House, **words: object) -> dict[str, Any]:
    answer = ask(house, OWNER, "write_goal", **{**GOAL, **words})
    assert answer.status_code == 200, answer.text
    goal: dict[str, Any] = answer.json()["result"]["goals"][-1]
    return goal


class TestWhoSees:
    def test_the_two_see_what_the_caseworker_writes(self, house: House) -> None:
        goal = write(house)
        for login, side in ((OWNER, "caseworker"), (SUPERVISOR, "supervisor")):
            found = shown(house, login)
            assert found["side"] == side
            assert found["goals"] == [goal]
        assert {**GOAL, "revision": 1, "aside": False, "looks": []}.items() <= goal.items()
        assert (found["week"], found["weeks"]) == (6, 20)

    @pytest.mark.parametrize("login", [*STRANGERS, None])
    def test_nobody_else_does(self, house: House, login: str | None) -> None:
        goal = write(house)
        refused = 401 if login is None else 403
        answer = house.browser(login).get(f"/api/courses/{house.course.id}/goals")
        assert answer.status_code == refused
        assert SENTENCE not in answer.text
        assert ask(house, login, "remove_goal", id=goal["id"]).status_code == refused
        assert len(shown(house)["goals"]) == 1

    @pytest.mark.parametrize(
        ("intent", "arguments"),
        [
            ("write_goal", GOAL),
            ("lay_goal_aside", {"revision": 1, "aside": True}),
            ("remove_goal", {}),
            ("look_at_goal", {"place": 3}),
        ],
    )
    def test_the_supervisor_changes_nothing(
        self, house: House, intent: str, arguments: dict[str, object]
    ) -> None:
        recording = house.recording()
        house.hold_meeting(recording)
        more = {"recording": recording} if intent == "look_at_goal" else {}
        goal = write(house)
        answer = ask(house, SUPERVISOR, intent, **{**arguments, "id": goal["id"], **more})
        assert answer.status_code == 403
        assert shown(house)["goals"] == [goal]

    def test_each_step_leaves_a_trace_without_words(self, house: House) -> None:
        goal = write(house)
        for aside in (True, False):
            revision = shown(house)["goals"][0]["revision"]
            ask(house, OWNER, "lay_goal_aside", id=goal["id"], revision=revision, aside=aside)
        ask(house, OWNER, "remove_goal", id=goal["id"])
        traces = ["goal_written", "goal_laid_aside", "goal_taken_up", "goal_removed"]
        assert house.audited(house.course.id) == traces


class TestWriting:
    def test_of_two_windows_the_second_is_told(self, house: House) -> None:
        goal = write(house)
        assert write(house, id=goal["id"], revision=1, goal="Kortere")["revision"] == 2
        late = ask(house, OWNER, "write_goal", **GOAL, id=goal["id"], revision=1)
        assert late.status_code == 409
        assert [each["goal"] for each in shown(house)["goals"]] == ["Kortere"]

    @pytest.mark.parametrize(
        "words", [{"goal": "  "}, {"week": 0}, {"week": 21}, {"goal": "x" * 1_001}]
    )
    def test_it_says_something_and_has_a_week_of_the_course(
        self, house: House, words: dict[str, object]
    ) -> None:
        assert ask(house, OWNER, "write_goal", **{**GOAL, **words}).status_code == 400

    def test_there_are_never_very_many(self, house: House) -> None:
        most = shown(house)["most"]
        for _ in range(most):
            write(house)
        assert ask(house, OWNER, "write_goal", **GOAL).status_code == 400

    def test_laid_aside_it_stays_aside_when_its_words_change(self, house: House) -> None:
        goal = write(house)
        ask(house, OWNER, "lay_goal_aside", id=goal["id"], revision=1, aside=True)
        assert write(house, id=goal["id"], revision=2, goal="Kortere")["aside"] is True


class TestLookingBack:
    def test_after_each_review_the_caseworker_says_where_they_are(self, house: House) -> None:
        goal = write(house)
        first, second = house.recording(), house.recording()
        house.hold_meeting(first)
        assert [each["recording"] for each in shown(house)["reviews"]] == [first]
        look = {"id": goal["id"], "place": 4, "tried": "Talte til fem"}
        assert ask(house, OWNER, "look_at_goal", recording=second, **look).status_code == 400
        assert ask(house, OWNER, "look_at_goal", recording=first, **look).status_code == 200
        [kept] = shown(house, SUPERVISOR)["goals"][0]["looks"]
        assert kept == {
            "recording": first,
            "number": 1,
            "week": 6,
            "place": 4,
            "tried": "Talte til fem",
        }
        assert "goal_looked_at" in house.audited(first)

    @pytest.mark.parametrize("place", [-1, 11, "x"])
    def test_the_line_goes_from_nought_to_ten(self, house: House, place: object) -> None:
        goal, recording = write(house), house.recording()
        house.hold_meeting(recording)
        look = {"id": goal["id"], "recording": recording, "place": place}
        assert ask(house, OWNER, "look_at_goal", **look).status_code == 400

    def test_a_recording_of_another_course_is_none_of_it(self, house: House) -> None:
        goal, other = write(house), house.recording(course=house.other_course)
        look = {"id": goal["id"], "recording": other, "place": 1}
        assert ask(house, OWNER, "look_at_goal", **look).status_code == 403

    def test_what_was_said_after_a_conversation_is_locked_and_erased_with_it(
        self, house: House
    ) -> None:
        goal, recording = write(house), house.recording()
        house.hold_meeting(recording)
        look = {"id": goal["id"], "recording": recording, "place": 4, "tried": "Talte til fem"}
        ask(house, OWNER, "look_at_goal", **look)
        house.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
        for login in (OWNER, SUPERVISOR):
            found = shown(house, login)
            assert (found["reviews"], found["goals"][0]["looks"]) == ([], [])
        assert ask(house, OWNER, "look_at_goal", **look).status_code == 403
        erasure.erase(house.home, recording)
        assert shown(house)["goals"][0]["goal"] == SENTENCE
        assert ask(house, OWNER, "look_at_goal", **look).status_code == 404


class TestPlans:
    def test_a_plan_serves_a_goal_and_keeps_its_words(self, house: House) -> None:
        goal, recording = write(house), house.recording()
        house.hold_meeting(recording)
        assert house.desk(SUPERVISOR, recording)["goals"] == [
            {"id": goal["id"], "goal": SENTENCE, "aside": False}
        ]
        plan = {**PLAN, "goal": SENTENCE, "towards": goal["id"]}
        saved = {"items": [], "agreements": [], "plan": plan, "revision": 1}
        house.do(SUPERVISOR, recording, "save_minutes", **saved)
        write(house, id=goal["id"], revision=1, goal="Kortere")
        kept = house.desk(OWNER, recording)["minutes"]["plan"]
        assert (kept["towards"], kept["goal"]) == (goal["id"], SENTENCE)

    def test_a_goal_that_is_gone_or_anothers_is_not_kept(self, house: House) -> None:
        recording = house.recording()
        house.hold_meeting(recording)
        plan = {**PLAN, "goal": "Ro", "towards": "anothers"}
        saved = {"items": [], "agreements": [], "plan": plan, "revision": 1}
        house.do(OWNER, recording, "save_minutes", **saved)
        assert house.desk(OWNER, recording)["minutes"]["plan"]["towards"] == ""


class TestErasing:
    def test_some_time_after_the_course_they_are_erased_with_their_key(self, house: House) -> None:
        write(house)
        days_to_end = (house.course.ends_on - house.clock().date()).days
        house.clock.go_on(days=days_to_end + 29)
        housekeeping.erase_what_is_due(house.home, erase_one=lambda *_: None)
        with house.home.reading() as tx:
            sealed = goals.goals_of(tx, house.course.id)
        assert [goal.goal for goal in sealed] == [SENTENCE]
        house.clock.now += timedelta(days=2)
        kek = house.home.keys.rows()["key_ring"]
        for _ in range(2):
            housekeeping.erase_what_is_due(house.home, erase_one=lambda *_: None)
        assert shown(house)["goals"] == []
        with pytest.raises(KeyDestroyed):
            house.home.keys.course_key(house.course.id)
        assert house.home.keys.rows()["key_ring"] != kek
        assert house.audited(house.course.id) == ["goal_written", "goals_erased"]
