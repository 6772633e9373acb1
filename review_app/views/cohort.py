"""The coordinator's page: states and dates of each course. Never a word, a film or a goal."""

from html import escape

import streamlit as st

from review_app.overview import facts_of, week_of
from review_app.supervision.cycle import SHOWN, shown_step, step_of
from review_app.views.frame import Frame
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
        steps_bar(
            shown_step(step_of(facts_of(tx, found)[0])),
            len(SHOWN),
            label=frame.say("Conversation {number}").format(number=found.number),
        )
        for found in recordings.recordings_of(tx, course=course.id)
    )
    week = week_of(course, on=jurisdictions.today(tx, frame.home.settings.jurisdiction))
    return (
        f'<tr><th scope="row">{escape(people[course.caseworker].name)}</th>'
        f"<td>{escape(people[course.supervisor].name)}</td>"
        f"<td>{week} / {course.weeks}</td><td>{bars}</td></tr>"
    )
