"""The twenty weeks: where we are, what was wished for, what was taken along."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from html import escape

import streamlit as st

from review_app.components import mount
from review_app.dates import day, month
from review_app.overview import Item, items_of, week_of
from review_app.permissions import may_see_goals
from review_app.supervision.cycle import Step
from review_app.translation import Translate
from review_app.views.frame import Frame
from review_app.views.library import step_name
from review_app.views.markup import badge, bullets, card, heading, link
from storage import consent_ledger, courses, cycles, jurisdictions
from storage.records import Course, Plan

_LANE_WORDS = ("Week", "Recordings", "Joint reviews")
_LEGEND_WORDS = {
    "ok": "Recorded",
    "wait": "Locked: consent is missing",
    "gone": "Erased",
    "round": "Hour agreed",
    "round ok": "Watched together",
}


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
    language = frame.user.language
    filmed = _by_week(course, [(item.recorded_on, item) for item in items])
    met = _by_week(
        course,
        [(item.meets_on, item) for item in items if item.meets_on is not None],
    )
    months = _months(course, language=language)
    cells = "".join(
        _week(n, present=week, month=months[n], filmed=filmed[n], met=met[n], say=say)
        for n in range(1, course.weeks + 1)
    )
    names = "".join(f"<span>{escape(say(text))}</span>" for text in _LANE_WORDS)
    first = day(course.starts_on, language=language)
    last = day(course.ends_on, language=language)
    caption = say("Week {week} of {weeks}").format(week=week, weeks=course.weeks)
    return (
        f'<section class="sam-card"><h2>{escape(caption)} · {escape(first)} – {escape(last)}</h2>'
        f'<div class="sam-strip"><div class="sam-lanes" aria-hidden="true">{names}</div>'
        f'<ol class="sam-weeks">{cells}</ol></div>'
        f'<ul class="sam-legend">{_legend(say)}</ul></section>'
    )


def _legend(say: Translate) -> str:
    return "".join(
        f'<li><i class="{look}"></i>{escape(say(words))}</li>'
        for look, words in _LEGEND_WORDS.items()
    )


def _by_week(course: Course, days: list[tuple[date, Item]]) -> defaultdict[int, list[Item]]:
    """Return what falls into each week of the course, the oldest first."""
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for on, item in sorted(days, key=lambda each: each[0]):
        found[week_of(course, on=on)].append(item)
    return found


def _months(course: Course, *, language: str) -> dict[int, str]:
    """Return the month's name for each week in which another begins, else nothing."""
    names: dict[int, str] = {}
    before = ""
    for week in range(1, course.weeks + 1):
        name = month(course.starts_on + timedelta(weeks=week - 1), language=language)
        names[week], before = ("" if name == before else name), name
    return names


def _week(
    number: int, *, present: int, month: str, filmed: list[Item], met: list[Item], say: Translate
) -> str:
    words = [say("Week {week}").format(week=number)]
    words += [f"{say('recording')} {item.recording.number}" for item in filmed]
    words += [f"{say('joint review')} {item.recording.number}" for item in met]
    when = "now" if number == present else "past" if number < present else ""
    return (
        f'<li class="{when}"><span class="mo" aria-hidden="true">{escape(month)}</span>'
        f'<b aria-hidden="true">{number}</b>'
        f'<span class="ln" aria-hidden="true">{_marks(filmed, _filmed_look)}</span>'
        f'<span class="ln" aria-hidden="true">{_marks(met, _met_look)}</span>'
        f'<span class="sam-unseen">{escape(", ".join(words))}</span></li>'
    )


def _marks(items: list[Item], look: Callable[[Item], str]) -> str:
    return "".join(f'<i class="{look(item)}">{item.recording.number}</i>' for item in items)


def _filmed_look(item: Item) -> str:
    return {Step.LOCKED: "wait", Step.ERASED: "gone"}.get(item.step, "ok")


def _met_look(item: Item) -> str:
    return "round ok" if item.cycle.meeting_ended_at else "round"


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
    state = (
        f'<p class="s muted">{escape(say("Erased"))}</p>'
        if item.step is Step.ERASED
        else f"<p>{badge(step_name(item.step, say=say))}</p>"
        if not wish + taken
        else ""
    )
    return card(f"{title} · {when}", state + wish + taken)
