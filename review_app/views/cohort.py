"""The coordinator's page: states and dates of each course. Never a word, a film or a goal."""

from html import escape

import streamlit as st

from review_app.overview import facts_of, week_of
from review_app.supervision.cycle import SHOWN, Step, shown_step, step_of
from review_app.translation import Translate
from review_app.views.frame import Frame
from review_app.views.library import step_name
from review_app.views.markup import heading, steps_bar, table
from storage import accounts, courses, jurisdictions, recordings
from storage.records import Course
from storage.transaction import Transaction


def draw(frame: Frame) -> None:
    """Draw a row for each course the coordinator looks after."""
    say = frame.say
    with frame.home.reading() as tx:
        rows = "".join(_row(tx, course, frame) for course in courses.courses_of(tx, frame.user.id))
    with st.container(key="reading"):
        under = say("You see dates and states. Content stays between the two.")
        st.html(heading(say("Cohort"), under))
        if not rows:
            st.info(say("There is no course yet."))
            return
        heads = (say("Caseworker"), say("Supervisor"), say("Week"), say("Reviews"))
        st.html(table(heads, rows))


def _row(tx: Transaction, course: Course, frame: Frame) -> str:
    people = accounts.people_named(tx, (course.caseworker, course.supervisor))
    bars = "".join(
        _bar(step_of(facts_of(tx, found)[0]), found.number, say=frame.say)
        for found in recordings.recordings_of(tx, course=course.id)
    )
    week = week_of(course, on=jurisdictions.today(tx, frame.home.settings.jurisdiction))
    return (
        f'<tr><th scope="row">{escape(people[course.caseworker].name)}</th>'
        f"<td>{escape(people[course.supervisor].name)}</td>"
        f"<td>{week} / {course.weeks}</td><td>{bars}</td></tr>"
    )


def _bar(step: Step, number: int, *, say: Translate) -> str:
    conversation = say("Conversation {number}").format(number=number)
    if step is Step.ERASED:
        return f'<p class="s muted">{escape(conversation)} · {escape(say("Erased"))}</p>'
    label = f"{conversation} · {step_name(step, say=say)}"
    return steps_bar(shown_step(step), len(SHOWN), label=label, waiting=step is Step.LOCKED)
