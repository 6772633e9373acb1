"""The twenty weeks: where we are, what was wished for, what was taken along."""

from html import escape

import streamlit as st

from review_app.components import mount
from review_app.dates import day
from review_app.overview import Item, items_of, week_of
from review_app.permissions import may_see_goals
from review_app.supervision.cycle import Step
from review_app.translation import Translate
from review_app.views.frame import Frame
from review_app.views.markup import bullets, card, heading, link
from storage import consent_ledger, courses, cycles, jurisdictions
from storage.records import Course, Plan


def draw(frame: Frame) -> None:
    """Draw each of the person's courses as weeks and reviews; goals and talk are never counted."""
    say = frame.say
    with frame.home.reading() as tx:
        mine = courses.courses_of(tx, frame.user.id)
        items = items_of(tx, frame.user)
        today = jurisdictions.today(tx, frame.home.settings.jurisdiction)
        plans = {
            item.recording.id: minutes.plan
            for item in items
            if item.step is Step.APPROVED
            and (minutes := cycles.minutes_of(tx, consent_ledger.permit(tx, item.recording.id)))
        }
    with st.container(key="reading"):
        title = say("My course") if frame.user.role == "caseworker" else say("Course")
        under = say("The coordinator sees dates and states, never content.")
        st.html(heading(title, under))
        if not mine:
            st.info(say("You have no course yet. Your coordinator sets it up."))
        for course in mine:
            own = [item for item in items if item.course.id == course.id]
            week = week_of(course, on=today)
            st.html(_strip(course, own, week=week, frame=frame))
            if may_see_goals(frame.user, course=course):
                mount(
                    "goals",
                    language=frame.user.language,
                    say=say,
                    part=course.id,
                    course=course.id,
                )
            for item in reversed(own):
                st.html(_review(item, plans.get(item.recording.id), say=say, frame=frame))


def _strip(course: Course, items: list[Item], *, week: int, frame: Frame) -> str:
    say = frame.say
    recorded = {week_of(course, on=item.recorded_on) for item in items}
    cells = "".join(
        _week(n, present=week, recorded=n in recorded, say=say) for n in range(1, course.weeks + 1)
    )
    first = day(course.starts_on, language=frame.user.language)
    last = day(course.ends_on, language=frame.user.language)
    caption = say("Week {week} of {weeks}").format(week=week, weeks=course.weeks)
    return (
        f'<section class="sam-card"><h2>{escape(caption)} · {escape(first)} – {escape(last)}</h2>'
        f'<ol class="sam-weeks">{cells}</ol></section>'
    )


def _week(number: int, *, present: int, recorded: bool, say: Translate) -> str:
    words = say("Week {week}").format(week=number)
    if recorded:
        words = f"{words}: {say('recording')}"
    when = "now" if number == present else "past" if number < present else ""
    css = f"{when} rec" if recorded else when
    return (
        f'<li class="{css}"><b aria-hidden="true">{number}</b>'
        f'<span class="sam-unseen">{escape(words)}</span></li>'
    )


def _review(item: Item, plan: Plan | None, *, say: Translate, frame: Frame) -> str:
    title = say("Conversation {number}").format(number=item.recording.number)
    when = day(item.recording.recorded_at, language=frame.user.language)
    wish = f"<p>”{escape(item.cycle.wish)}”</p>" if item.cycle.wish else ""
    taken = (
        f"<h3>{escape(say('What I took along'))}</h3>{bullets(plan.will_try)}"
        f"{link(say('See plan'), 'minutes', quiet=True, recording=item.recording.id)}"
        if plan is not None
        else ""
    )
    return card(f"{title} · {when}", wish + taken)
