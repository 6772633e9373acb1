"""Concerns and holds: what was done and what comes next. Dates, names and steps, never content.

The leader sees those of the courses they answer for, and takes the steps that are theirs. Either
of the two in a review sees their own here too, for the desk is closed while a recording is locked.
"""

from dataclasses import dataclass
from html import escape

import streamlit as st

from consent.errors import ConsentError
from consent.model import Duty
from review_app.commands import carry_out, safeguarding
from review_app.concerndata import duty_in, people_in
from review_app.dates import day, moment
from review_app.errors import ReviewError
from review_app.permissions import side_of
from review_app.supervision.disclosure import Part, open_steps
from review_app.views import held_recordings
from review_app.views.frame import Frame
from review_app.views.markup import badge, heading
from review_app.words import CONCERN_ACTION_WORDS, CONCERN_STEP_WORDS
from storage import accounts, concerns, courses, recordings
from storage.errors import StorageError
from storage.records import Concern, ConcernStep, Recording, User, UserId
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Followed:
    """A concern that somebody follows, and on whose behalf."""

    concern: Concern
    recording: Recording
    part: Part
    caseworker: str
    people: dict[UserId, User]
    duty: Duty


def follows_any(tx: Transaction, user: User) -> bool:
    """Return whether a person has something on this page: a course to answer for, or a concern."""
    return bool(held_recordings.looked_after(tx, user) or _followed(tx, user))


def draw(frame: Frame) -> None:
    """Draw what stands first, then what is closed, and the holds of the courses led."""
    say = frame.say
    with frame.home.reading() as tx:
        followed = _followed(tx, frame.user)
    with st.container(key="reading"):
        under = say("You see steps and dates. What was said and seen stays between the two.")
        st.html(heading(say("Concerns"), under, sign_name="lock"))
        if not followed:
            st.html(
                f'<section class="sam-card"><p>{escape(say("No concern has been raised."))}</p>'
                "</section>"
            )
        for each in sorted(followed, key=lambda each: each.concern.closed_at is not None):
            _draw(each, frame)
        held_recordings.draw(frame)


def _followed(tx: Transaction, user: User) -> list[Followed]:
    """Return the concerns that are someone's to see, the latest first."""
    found: dict[str, Followed] = {}
    for course in courses.courses_of(tx, user.id):
        for recording in recordings.recordings_of(tx, course=course.id):
            if side_of(user, recording=recording, course=course) is not None:
                for concern in concerns.concerns_of(tx, recording.id):
                    found[concern.id] = _one(tx, concern, user, part=Part.REVIEW)
    for concern in concerns.concerns_for(tx, user.id):
        found[concern.id] = _one(tx, concern, user, part=Part.LEADER)
    return sorted(found.values(), key=lambda each: each.concern.raised_at, reverse=True)


def _one(tx: Transaction, concern: Concern, user: User, *, part: Part) -> Followed:
    recording = recordings.recording(tx, concern.recording)
    return Followed(
        concern,
        recording,
        part,
        accounts.user(tx, recording.owner).name,
        people_in(tx, (concern,)),
        duty_in(tx, recording, language=user.language),
    )


def _draw(each: Followed, frame: Frame) -> None:
    say, language = frame.say, frame.user.language
    concern = each.concern
    title = say("Conversation {number} · {name} · {day}").format(
        number=each.recording.number,
        name=each.caseworker,
        day=day(each.recording.recorded_at, language=language),
    )
    last = concern.steps[-1].step
    tone = "" if concern.closed_at else "wait"
    steps = "".join(
        f"<li><b>{escape(say(CONCERN_STEP_WORDS[taken.step]))}</b>"
        f'<span class="s muted">{escape(moment(taken.at, language=language))} · '
        f"{escape(each.people[taken.by].name)}</span></li>"
        for taken in concern.steps
    )
    with st.container(key=f"card-{concern.id}", border=True):
        st.html(
            f'<div class="sam-hd"><h2>{escape(title)}</h2>'
            f"{badge(say(CONCERN_STEP_WORDS[last]), tone=tone)}</div>"
            f'<ol class="sam-path">{steps}</ol>'
        )
        if concern.closed_at is None:
            st.html(f'<p class="s">{escape(each.duty.text)}</p>')
            with st.container(horizontal=True):
                for step in open_steps(after=last, part=each.part):
                    label, key = say(CONCERN_ACTION_WORDS[step]), f"{step}-{concern.id}"
                    if st.button(label, key=key):
                        _take(frame, each, step)
                st.link_button(say("Read the rules"), each.duty.link, type="tertiary")


def _take(frame: Frame, each: Followed, step: ConcernStep) -> None:
    try:
        with frame.home.transaction() as tx:
            if each.part is Part.LEADER:
                safeguarding.lead_concern(tx, frame.user, each.concern.id, step=step)
            else:
                carry_out(
                    tx,
                    frame.user,
                    each.recording.id,
                    intent="take_concern_step",
                    untrusted_arguments={"id": each.concern.id, "step": step},
                )
    except (ReviewError, ConsentError, StorageError) as error:
        frame.banner(error)
        return
    st.rerun()
