"""Duties to keep recordings: which stand in the courses one looks after; placing and ending one."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from consent.model import RecordingId
from review_app.commands import safeguarding
from review_app.dates import day
from review_app.errors import ReviewError
from review_app.permissions import may_follow_concerns, may_place_hold
from review_app.views.frame import Frame
from review_app.words import HOLD_WORDS
from storage import accounts, courses, holds, recordings
from storage.errors import StorageError
from storage.jurisdictions import jurisdiction
from storage.records import Course, Hold, HoldKind, User
from storage.transaction import Transaction

_PLACED_HERE = (HoldKind.LEGAL, HoldKind.CASE_OPEN)


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording that may be held back, in words.

    Attributes:
        title: Number, caseworker and date.
        reasons: The words of each legal ground in the reader's language, by code.
        grounds: Those of them on which a hold may be placed by hand.
        lifts: Whether the reader may end its holds.
    """

    id: RecordingId
    title: str
    reasons: dict[str, str]
    grounds: tuple[str, ...]
    standing: tuple[Hold, ...]
    lifts: bool


def looked_after(tx: Transaction, user: User) -> tuple[Course, ...]:
    """Return the courses whose recordings someone may hold back."""
    found = {
        course.id: course
        for course in (*courses.courses_of(tx, user.id), *courses.courses_led_by(tx, user.id))
        if may_place_hold(user, course=course)
    }
    return tuple(found.values())


def draw(frame: Frame) -> None:
    """Draw the holds that stand, and the way to place another; nothing to who may not."""
    with frame.home.reading() as tx:
        kept = _kept(tx, frame)
    if not kept:
        return
    say, language = frame.say, frame.user.language
    st.html(f'<h2 class="sam-gh">{escape(say("Held back from erasure"))}</h2>')
    for each in kept:
        for hold in each.standing:
            with st.container(key=f"card-{hold.id}", border=True):
                why = each.reasons.get(hold.ground, say(HOLD_WORDS[hold.kind]))
                since = say("since {day}").format(day=day(hold.placed_at, language=language))
                st.html(f"<p><b>{escape(each.title)}</b><br>{escape(why)}, {escape(since)}</p>")
                ends_by_itself = hold.kind is HoldKind.CONCERN
                if (
                    each.lifts
                    and not ends_by_itself
                    and st.button(say("End the hold"), key=f"lift-{hold.id}")
                ):
                    _lift(frame, hold)
    with st.expander(say("Hold a recording back from erasure")):
        _place(frame, kept)


def _place(frame: Frame, kept: tuple[Kept, ...]) -> None:
    say = frame.say
    chosen = st.selectbox(
        say("Recording"),
        options=kept,
        format_func=lambda each: each.title,
        placeholder=say("Choose"),
    )
    kind = st.segmented_control(
        say("Why"),
        options=list(_PLACED_HERE),
        default=HoldKind.LEGAL,
        format_func=lambda each: _at_the_start(say(HOLD_WORDS[each])),
    )
    ground = st.selectbox(
        say("Ground"),
        options=chosen.grounds,
        format_func=chosen.reasons.__getitem__,
        placeholder=say("Choose"),
    )
    if not st.button(say("Hold back"), key="place-hold"):
        return
    try:
        with frame.home.transaction() as tx:
            safeguarding.place_hold(
                tx, frame.user, chosen.id, kind=kind or HoldKind.LEGAL, ground=ground
            )
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.rerun()


def _lift(frame: Frame, hold: Hold) -> None:
    try:
        with frame.home.transaction() as tx:
            safeguarding.lift_hold(tx, frame.user, hold.id)
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.rerun()


def _kept(tx: Transaction, frame: Frame) -> tuple[Kept, ...]:
    say, language = frame.say, frame.user.language
    found: list[Kept] = []
    for course in looked_after(tx, frame.user):
        name = accounts.user(tx, course.caseworker).name
        for recording in recordings.recordings_of(tx, course=course.id):
            if recording.erased_at is not None:
                continue
            title = say("Conversation {number} · {name} · {day}").format(
                number=recording.number,
                name=name,
                day=day(recording.recorded_at, language=language),
            )
            texts = jurisdiction(tx, recording.jurisdiction).hold_texts
            reasons = {code: each.get(language, code) for code, each in texts.items()}
            every = holds.holds_of(tx, recording.id)
            standing = tuple(hold for hold in every if hold.lifted_at is None)
            lifts = may_follow_concerns(frame.user, course=course)
            grounds = safeguarding.grounds_of(tx, recording.id)
            found.append(Kept(recording.id, title, reasons, grounds, standing, lifts))
    return tuple(found)


def _at_the_start(words: str) -> str:
    return words[:1].upper() + words[1:]
