"""Emergency access: asking, opening, ending, and the film while it is open."""

from collections.abc import Callable
from html import escape

import streamlit as st

from consent.errors import ConsentError
from consent.model import RecordingId
from review_app.commands import emergency
from review_app.components import mount
from review_app.dates import moment
from review_app.errors import ReviewError
from review_app.permissions import may_approve_emergency_access, may_ask_for_emergency_access
from review_app.views.frame import Frame
from review_app.views.markup import heading
from storage import accounts, break_glass, courses, recordings
from storage.errors import StorageError
from storage.records import BreakGlass, User
from storage.transaction import Transaction

_LONGEST_ID = 64


def draw(frame: Frame) -> None:
    """Draw what a person may ask for, open or end."""
    say = frame.say
    with frame.home.reading() as tx:
        shown = [each for each in break_glass.standing(tx) if _concerns(tx, frame.user, each)]
        names = accounts.people_named(tx, (each.asked_by for each in shown))
    with st.container(key="reading"):
        under = say(
            "Film and captions of one recording, for an hour, if two persons find it necessary. "
            "Its caseworker and supervisor are told. Without everyone's consent it stays closed."
        )
        st.html(heading(say("Emergency access"), under, sign_name="lock"))
        if may_ask_for_emergency_access(frame.user):
            _ask(frame)
        if not shown:
            st.html(f'<p class="muted">{escape(say("Nothing waits and nothing is open."))}</p>')
        for each in shown:
            _one(frame, each, asked_by=names[each.asked_by].name)


def _concerns(tx: Transaction, user: User, asked: BreakGlass) -> bool:
    course = courses.course(tx, recordings.recording(tx, asked.recording).course)
    mine = user.id == asked.asked_by
    return mine or may_approve_emergency_access(user, asked=asked, course=course)


def _ask(frame: Frame) -> None:
    say = frame.say
    with st.form("ask", clear_on_submit=False):
        wanted = st.text_input(say("The recording's id"), max_chars=_LONGEST_ID)
        reason = st.text_area(say("Why is it necessary?"), max_chars=1_000)
        sent = st.form_submit_button(say("Ask for access"))
    if sent:
        _try(
            frame,
            lambda tx: emergency.ask_for_access(
                tx, frame.user, RecordingId(wanted.strip()), reason=reason
            ),
        )


def _one(frame: Frame, asked: BreakGlass, *, asked_by: str) -> None:
    say, language = frame.say, frame.user.language
    mine = asked.asked_by == frame.user.id
    state = (
        say("Open until {time}").format(time=moment(asked.ends_at, language=language))
        if asked.ends_at is not None
        else say("Waits for a second person")
    )
    asked_at = moment(asked.asked_at, language=language)
    by = say("{name} asked {time}").format(name=asked_by, time=asked_at)
    st.html(
        f'<section class="sam-card"><h2>{escape(state)}</h2>'
        f'<p class="s muted">{escape(asked.recording)} · {escape(by)}</p>'
        f"<p>{escape(asked.reason)}</p></section>"
    )
    with st.container(horizontal=True):
        if not mine and asked.ends_at is None and st.button(say("Open it"), key=f"o-{asked.id}"):
            _try(frame, lambda tx: emergency.approve_access(tx, frame.user, asked.id))
        words = say("End it") if asked.ends_at is not None or mine else say("Say no")
        if st.button(words, key=f"e-{asked.id}"):
            _try(frame, lambda tx: emergency.end_access(tx, frame.user, asked.id))
    if mine and asked.ends_at is not None:
        mount("emergency", recording=asked.recording, language=language, say=say)


def _try(frame: Frame, act: Callable[[Transaction], object]) -> None:
    try:
        with frame.home.transaction() as tx:
            act(tx)
    except (ReviewError, ConsentError, StorageError) as error:
        frame.banner(error)
    else:
        st.rerun()
