from dataclasses import replace

import pytest

from storage import goals
from storage.errors import Conflict, NotFound
from storage.identity import new_id
from storage.records import CourseId, Goal, GoalId
from storage.tables import GoalLookRow, GoalRow
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, Site, after

SENTENCE = "Den unge når at tænke færdig"


def a_goal(site: Site, **words: object) -> Goal:
    fields: dict[str, object] = {"goal": SENTENCE, "week": 12, **words}
    return Goal(GoalId(new_id()), site.course.id, written_at=NOW, **fields)  # type: ignore[arg-type]


class TestGoals:
    def test_they_come_back_as_written_the_first_one_first(
        self, tx: Transaction, site: Site
    ) -> None:
        first = a_goal(site, sign="A fortæller selv", means="Tæller til fem", reason="Ro")
        written = goals.write_goal(tx, first)
        later = goals.write_goal(after(tx, days=1), a_goal(site, goal="Jeg siger lovens ord"))
        assert written == replace(first, revision=1)
        assert goals.goals_of(tx, site.course.id) == (written, later)

    def test_a_save_names_the_revision_that_it_changes(self, tx: Transaction, site: Site) -> None:
        written = goals.write_goal(tx, a_goal(site))
        changed = goals.write_goal(tx, replace(written, goal="Kortere", closed_at=NOW))
        assert (changed.goal, changed.closed_at, changed.revision) == ("Kortere", NOW, 2)
        with pytest.raises(Conflict) as conflict:
            goals.write_goal(tx, replace(written, goal="Længere"))
        assert conflict.value.stored == changed

    def test_a_new_goal_names_no_revision(self, tx: Transaction, site: Site) -> None:
        with pytest.raises(Conflict):
            goals.write_goal(tx, replace(a_goal(site), revision=3))

    def test_nothing_of_it_stands_in_the_clear(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        written = goals.write_goal(tx, a_goal(site))
        goals.look_at_goal(tx, permit, written.id, place=4, tried=SENTENCE)
        for row in (
            tx.row(GoalRow, written.id),
            tx.row(GoalLookRow, (written.id, permit.recording)),
        ):
            assert SENTENCE.encode() not in row.sealed_text
            assert SENTENCE not in str(row.model_dump(exclude={"sealed_text"}))

    def test_a_goal_of_another_course_is_none(self, tx: Transaction, site: Site) -> None:
        written = goals.write_goal(tx, a_goal(site))
        other = CourseId("another")
        with pytest.raises(NotFound):
            goals.write_goal(tx, replace(written, course=other))
        with pytest.raises(NotFound):
            goals.remove_goal(tx, written.id, course=other)
        assert goals.goals_of(tx, other) == ()

    def test_removed_it_is_gone_with_every_look(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        gone, kept = (goals.write_goal(tx, a_goal(site)) for _ in range(2))
        for goal in (gone, kept):
            goals.look_at_goal(tx, permit, goal.id, place=1, tried="x")
        goals.remove_goal(tx, gone.id, course=site.course.id)
        assert goals.goals_of(tx, site.course.id) == (kept,)
        assert [look.goal for look in goals.looks_after(tx, permit)] == [kept.id]

    def test_all_of_a_course_go_at_once(self, tx: Transaction, site: Site) -> None:
        for _ in range(2):
            goals.write_goal(tx, a_goal(site))
        assert goals.courses_with_goals(tx) == (site.course.id,)
        assert goals.remove_goals(tx, site.course.id) == 2
        assert goals.courses_with_goals(tx) == ()


class TestLooks:
    def test_each_review_has_one_and_the_last_word_counts(
        self, tx: Transaction, site: Site
    ) -> None:
        first, second = site.permit(), site.permit()
        goal = goals.write_goal(tx, a_goal(site)).id
        goals.look_at_goal(tx, first, goal, place=3, tried="Talte til fem")
        last = goals.look_at_goal(after(tx, hours=1), first, goal, place=4, tried="Talte til ti")
        other = goals.look_at_goal(tx, second, goal, place=6, tried="")
        assert goals.looks_after(tx, first) == (last,)
        assert goals.looks_after(tx, second) == (other,)
        assert (last.place, last.tried) == (4, "Talte til ti")

    def test_there_must_be_a_goal(self, tx: Transaction, site: Site) -> None:
        with pytest.raises(NotFound):
            goals.look_at_goal(tx, site.permit(), GoalId("none"), place=3, tried="")
