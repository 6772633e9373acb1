"""The list a person starts from: the next step first, then everything by whose turn it is."""

from datetime import timedelta
from html import escape
from itertools import groupby

import streamlit as st

from review_app.consent_words import TOLD_BEFORE, deadline_text
from review_app.dates import clock, day, film_time, moment, weekday
from review_app.finding import Found, passages
from review_app.overview import Item, items_of, next_plan, week_of
from review_app.supervision.cycle import SHOWN, Step, shown_step
from review_app.translation import Translate
from review_app.views.frame import Frame
from review_app.views.markup import (
    badge,
    bullets,
    calendar_link,
    card,
    certificate_link,
    heading,
    link,
    numbered_step,
    page_link,
    sign,
    steps_bar,
)
from storage import jurisdictions
from storage.records import Plan, Side, UserRole

_MINUTE_MS = 60_000
_SIGNS = {
    Step.RECEIVING: "upload",
    Step.LOCKED: "lock",
    Step.PROCESSING: "work",
    Step.FAILED: "warning",
    Step.APPROVED: "check",
    Step.ERASED: "trash",
}
_STEP_WORDS = {
    "record": "Record",
    "consent": "Consent",
    "wish": "Wish",
    "select": "Sequences",
    "prepare": "Prepare",
    "watch_together": "Watch together",
    "plan": "Plan",
}
_GROUP_WORDS = ("Waiting for you", "In progress", "Finished")


def draw(frame: Frame) -> None:
    """Draw the caseworker's or the supervisor's list."""
    with frame.home.reading() as tx:
        items = items_of(tx, frame.user)
        plan = next_plan(tx, items)
    say = frame.say
    with st.container(key="reading"):
        st.html(_head(frame, items))
        mine = [item for item in items if item.is_mine_to_do]
        if mine:
            st.html(_hero(mine[-1], say=say, language=frame.user.language))
        if not items:
            st.html(_nothing_yet(frame))
            return
        main, side = st.columns([2.4, 1], gap="medium")
        with main:
            _search(frame, items)
            for title, group in groupby(
                sorted(items, key=_group_of), key=lambda item: _GROUP_WORDS[_group_of(item)]
            ):
                rows = "".join(_row(i, say=say, language=frame.user.language) for i in group)
                st.html(
                    f'<h2 class="sam-gh">{escape(say(title))}</h2><ul class="sam-rows">{rows}</ul>'
                )
        with side:
            if plan is not None:
                st.html(_plan_card(*plan, say=say))
            st.html(_course_card(items[0], frame))


def _search(frame: Frame, items: tuple[Item, ...]) -> None:
    say = frame.say
    query = st.text_input(
        say("Search in the texts"),
        placeholder=say("Search in the texts"),
        label_visibility="collapsed",
        max_chars=200,
    )
    if not query:
        return
    found = passages(frame.home, frame.user, items, query=query)
    if not found:
        st.html(
            f'<p class="muted">{escape(say("Nothing found. It may be said in other words."))}</p>'
        )
        return
    rows = "".join(_found(each, say=say) for each in found)
    st.html(f'<ul class="sam-rows">{rows}</ul>')


def _found(found: Found, *, say: Translate) -> str:
    recording = found.item.recording
    where = say("Conversation {number}").format(number=recording.number)
    at = film_time(found.turn.start_ms)
    watch = link(say("Watch"), "desk", recording=recording.id, at=str(found.turn.start_ms))
    said = f'<span class="s">”{escape(found.turn.text)}”</span>'
    return (
        f'<li class="sam-row sam-found"><div class="rt"><b>{escape(where)} · {at}</b>{said}</div>'
        f'<div class="ra">{watch}</div></li>'
    )


def _head(frame: Frame, items: tuple[Item, ...]) -> str:
    say = frame.say
    caseworker = frame.user.role is UserRole.CASEWORKER
    title = say("My recordings") if caseworker else say("For review")
    others = ", ".join(sorted({item.other for item in items}))
    if not caseworker:
        seen_by = say("Only you and the caseworker can see the content of a recording.")
    elif others:
        seen_by = say("Only you and your supervisor, {name}, can see the content.").format(
            name=others
        )
    else:
        seen_by = say("Only you and your supervisor can see the content.")
    action = link(say("New recording"), "new") if caseworker else ""
    return heading(title, seen_by, beside=action, sign_name="lock")


def _hero(item: Item, *, say: Translate, language: str) -> str:
    when = item.cycle.meeting_at or item.recording.recorded_at
    number = item.recording.number
    number_of_day, month = day(when, language=language).split(" ", 1)
    tile = (
        f'<div class="sam-date"><span>{escape(weekday(when, language=language))}</span>'
        f"<b>{escape(number_of_day)}</b><span>{escape(month)}</span>"
        f'<span class="s">{escape(_what_day(item, say=say, language=language))}</span></div>'
    )
    title, text = _what_now(item, say=say)
    steps = "".join(
        numbered_step(n, say(_STEP_WORDS[name]), present=shown_step(item.step))
        for n, name in enumerate(SHOWN)
    )
    return (
        f'<section class="sam-card sam-hero">{tile}<div class="grow">'
        f"{badge(say('Your next step'), tone='mine')}"
        f"<h2>{escape(title.format(number=number))}</h2>"
        f"<p>{escape(text.format(name=item.other))}</p>{_action(item, say=say, primary=True)}"
        f" {_calendar(item, say=say, button=True)}</div>"
        f'<ol class="sam-cycle">{steps}</ol></section>'
    )


def _what_day(item: Item, *, say: Translate, language: str) -> str:
    """Return what the day on the tile is: the hour to meet, or when it was filmed."""
    meeting = item.cycle.meeting_at
    if meeting is None:
        return say("filmed")
    return say("at {time}").format(time=clock(meeting, language=language))


def _what_now(item: Item, *, say: Translate) -> tuple[str, str]:
    words = {
        Step.LOCKED: (
            say("Conversation {number} is locked"),
            say("Someone in it has not agreed yet. Until then nobody can see it, not even you."),
        ),
        Step.FAILED: (
            say("Conversation {number} could not be prepared"),
            say("The film is safe. See what is wrong and what you can do."),
        ),
        Step.WISH: (
            say("Write your wish for conversation {number}"),
            say("{name} sees your wish before the film. A couple of lines are enough."),
        ),
        Step.SELECT: (
            say("Choose sequences from conversation {number}"),
            say("{name} has written a wish. Begin with what works."),
        ),
        Step.PREPARE: (
            say("Prepare the joint review of conversation {number}"),
            say("{name} has chosen sequences from your wish. Write a little to each, or skip it."),
        ),
        Step.MEETING: (
            say("Watch conversation {number} together"),
            say("Open the room when you meet {name}. Nothing needs to be installed."),
        ),
        Step.MINUTES: (
            say("Approve minutes and plan for conversation {number}"),
            say("Both of you approve. The plan opens with the next recording."),
        ),
    }
    return words[item.step]


def _row(item: Item, *, say: Translate, language: str) -> str:
    recording = item.recording
    about = [day(recording.recorded_at, language=language)]
    if item.step is not Step.ERASED:
        youth = say("Youth {letter}").format(letter=recording.youth_letter)
        about.append(
            say("{youth}, {age} years").format(youth=youth, age=item.youth_age)
            if item.youth_age is not None
            else youth
        )
        if recording.duration_ms:
            minutes = max(1, round(recording.duration_ms / _MINUTE_MS))
            about.append(say("{minutes} min").format(minutes=minutes))
    head = say("Conversation {number}").format(number=recording.number)
    if item.side is Side.SUPERVISOR:
        head = f"{item.other} · {head}"
    wish = (
        f'<span class="s">”{escape(item.cycle.wish)}”</span>'
        if item.side is Side.SUPERVISOR and item.cycle.wish
        else ""
    )
    present = shown_step(item.step)
    label = step_name(item.step, say=say)
    bar = (
        ""
        if item.step is Step.ERASED
        else steps_bar(present, len(SHOWN), label=label, waiting=item.step is Step.LOCKED)
    )
    return (
        f'<li class="sam-row"><span class="ri">{sign(_SIGNS.get(item.step, "play"))}</span>'
        f'<div class="rt"><b>{escape(head)}</b>{wish}'
        f'<span class="s muted">{escape(" · ".join(about))}</span></div>'
        f'<div>{bar}</div><div class="rs">{_state(item, say=say, language=language)}'
        f"{_reminders(item, say=say, language=language)}{_calendar(item, say=say)}</div>"
        f'<div class="ra">{_action(item, say=say)}</div></li>'
    )


def step_name(step: Step, *, say: Translate) -> str:
    """Return the name of the shown step that a conversation has come to."""
    return say(_STEP_WORDS[SHOWN[min(shown_step(step), len(SHOWN) - 1)]])


def _state(item: Item, *, say: Translate, language: str) -> str:
    cycle = item.cycle
    missing = len({gap.person or gap.kind for gap in item.gaps})
    until = (
        say("Erased {day} if it does not come").format(day=day(item.erase_on, language=language))
        if item.erase_on
        else ""
    )
    words: dict[Step, tuple[str, str, str]] = {
        Step.RECEIVING: (say("Not received yet"), "", say("The upload goes on where it stopped")),
        Step.LOCKED: (
            say("Locked: {count} yet to agree").format(count=missing),
            "wait",
            until,
        ),
        Step.PROCESSING: (
            say("Being prepared, {percent} %").format(percent=round(item.processed * 100)),
            "",
            say("Speech becomes draft text"),
        ),
        Step.FAILED: (say("Could not be prepared"), "stop", ""),
        Step.WISH: (say("Waiting for the wish"), "wait", ""),
        Step.SELECT: (say("With the supervisor"), "", ""),
        Step.PREPARE: (
            say("Sequences are ready"),
            "mine",
            say("{answered} of {chosen} answered").format(
                answered=item.answered, chosen=item.chosen
            ),
        ),
        Step.MEETING: (
            say("Ready for the joint review"),
            "mine",
            moment(cycle.meeting_at, language=language) if cycle.meeting_at else "",
        ),
        Step.MINUTES: (say("Minutes to approve"), "mine", ""),
        Step.APPROVED: (say("Plan approved by both of you"), "ok", ""),
        Step.ERASED: (say("Erased"), "", say("no content is left")),
    }
    text, tone, more = words[item.step]
    return badge(text, tone=tone) + (f'<span class="s muted">{escape(more)}</span>' if more else "")


def _reminders(item: Item, *, say: Translate, language: str) -> str:
    """Return what is due soon, for the caseworker who sees to it."""
    if item.side is not Side.CASEWORKER:
        return ""
    due = [
        each
        for each in item.deadlines
        if each.kind in TOLD_BEFORE
        and item.today <= each.on <= item.today + timedelta(days=TOLD_BEFORE[each.kind])
    ]
    texts = [deadline_text(each, item.roster, language=language, say=say) for each in due]
    if item.gaps and item.step is not Step.LOCKED:  # which says so itself
        missing = len({gap.person or gap.kind for gap in item.gaps})
        texts.insert(0, say("Locked: {count} yet to agree").format(count=missing))
    where = {"recording": str(item.recording.id)}
    links = [page_link(text, "consent", **where) for text in texts]
    if item.on_camera:
        links.append(page_link(say("Delete the film from the camera"), "new", **where))
    return "".join(links)


def _calendar(item: Item, *, say: Translate, button: bool = False) -> str:
    """Return the way to bring one's calendar up to date, until the two have met."""
    cycle = item.cycle
    if cycle.meeting_ended_at or not (cycle.meeting_at or cycle.meeting_called_off):
        return ""
    text = say("Add to calendar") if cycle.meeting_at else say("Take it out of the calendar")
    return calendar_link(text, item.recording.id, button=button)


def _action(item: Item, *, say: Translate, primary: bool = False) -> str:
    caseworker = item.side is Side.CASEWORKER
    if item.step is Step.ERASED:
        gone = item.recording.erased_at is not None
        words = say("Print the certificate")
        return certificate_link(words, item.recording.id) if caseworker and gone else ""
    pages: dict[Step, tuple[str, str]] = {
        Step.RECEIVING: (say("See upload"), "new") if caseworker else ("", ""),
        Step.LOCKED: (say("See consent"), "consent"),
        Step.PROCESSING: (say("See progress"), "new") if caseworker else ("", ""),
        Step.FAILED: (say("See what is wrong"), "new") if caseworker else ("", ""),
        Step.WISH: (say("Write your wish"), "new")
        if caseworker
        else (say("Open the desk"), "desk"),
        Step.SELECT: (say("See film and text"), "desk")
        if caseworker
        else (say("Open the desk"), "desk"),
        Step.PREPARE: (say("Prepare"), "prepare") if caseworker else (say("Open the desk"), "desk"),
        Step.MEETING: (say("Open the room"), "room"),
        Step.MINUTES: (say("Minutes and plan"), "minutes"),
        Step.APPROVED: (say("See plan"), "minutes"),
    }
    text, page = pages[item.step]
    if not page:
        return ""
    return link(text, page, primary=primary, recording=item.recording.id)


def _group_of(item: Item) -> int:
    if item.is_mine_to_do:
        return 0
    return 2 if item.step in {Step.APPROVED, Step.ERASED} else 1


def _plan_card(item: Item, plan: Plan, *, say: Translate) -> str:
    about = say("After conversation {number}").format(number=item.recording.number)
    body = (
        f'<p class="s muted">{escape(about)}</p>{bullets(plan.will_try)}'
        f"{link(say('Open the plan'), 'minutes', quiet=True, recording=item.recording.id)}"
    )
    return card(say("Plan for the next conversation"), body, sign_name="target")


def _course_card(item: Item, frame: Frame) -> str:
    say = frame.say
    with frame.home.reading() as tx:
        today = jurisdictions.today(tx, frame.home.settings.jurisdiction)
    week = week_of(item.course, on=today)
    body = (
        f"<p>{escape(say('Week {week} of {weeks}').format(week=week, weeks=item.course.weeks))}</p>"
        f"{link(say('See the whole course'), 'course', quiet=True)}"
    )
    return card(say("Course"), body, sign_name="calendar")


def _nothing_yet(frame: Frame) -> str:
    say = frame.say
    if frame.user.role != "caseworker":
        text = say("Nothing waits for you. You see a recording here when its caseworker adds one.")
        return f'<section class="sam-card"><p>{escape(text)}</p></section>'
    text = say(
        "No recordings yet. You need a film of a conversation and the consent of everyone in it."
    )
    return (
        f'<section class="sam-card"><p>{escape(text)}</p>'
        f"{link(say('New recording'), 'new', primary=True)}</section>"
    )
