"""What a person is told since last time, quietly, at the top of the page they start from."""

from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from review_app.concerndata import duty_in
from review_app.dates import day
from review_app.permissions import may_see_content
from review_app.views.frame import Frame
from review_app.views.markup import link
from review_app.words import NOTIFICATION_WORDS
from storage import accounts, courses, invitations, notifications, recordings
from storage.records import Notification, NotificationKind, UserRole
from storage.transaction import Transaction

MOST: Final = 5
"""So many are shown at once, the latest first, and the next when one is put away."""
_ABOUT_CONSENT: Final = frozenset(
    {
        NotificationKind.CONSENT_WITHDRAWN,
        NotificationKind.CONSENT_GIVEN,
        NotificationKind.CONSENT_REFUSED,
        NotificationKind.CONSENT_INVALIDATED,
        NotificationKind.ACCESS_ASKED,
        NotificationKind.BREAK_GLASS_OPENED,
    }
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One notification in words.

    Attributes:
        more: The duty behind it, if there is one.
        way: A link to where it matters, as HTML; empty if the reader has no such page.
    """

    id: str
    text: str
    when: str
    more: str
    way: str


def draw(frame: Frame) -> None:
    """Draw what is new, each with a way to put it away; nothing when nothing is."""
    with frame.home.reading() as tx:
        unread = notifications.unread_of(tx, frame.user.id)
        told = [_told(tx, each, frame) for each in unread[:MOST]]
    if not told:
        return
    say = frame.say
    with st.container(key="news"), st.container(key="card-news", border=True):
        st.html(f'<h2 class="sam-gh">{escape(say("New for you"))}</h2>')
        for each in told:
            text, read = st.columns([8, 1], vertical_alignment="center")
            more = f'<p class="s">{escape(each.more)}</p>' if each.more else ""
            text.html(
                f'<div class="sam-news"><p><b>{escape(each.text)}</b> '
                f'<span class="s muted">{escape(each.when)}</span></p>{more}{each.way}</div>'
            )
            if read.button(say("Read"), key=f"read-{each.id}", width="stretch"):
                with frame.home.transaction() as tx:
                    notifications.put_away(tx, each.id, user=frame.user.id)
                st.rerun()
        if len(unread) > MOST:
            more = say("{count} more").format(count=len(unread) - MOST)
            st.html(f'<p class="s muted">{escape(more)}</p>')


def _told(tx: Transaction, told: Notification, frame: Frame) -> _Told:
    say, language = frame.say, frame.user.language
    recording = recordings.recording(tx, told.recording)
    course = courses.course(tx, recording.course)
    conversation = say("conversation {number} ({name}, {day})").format(
        number=recording.number,
        name=accounts.user(tx, recording.owner).name,
        day=day(recording.recorded_at, language=language),
    )
    way = more = ""
    if told.kind is NotificationKind.CONCERN_RAISED:
        way = link(say("See what is to be done"), "concerns", quiet=True)
        more = duty_in(tx, recording, language=language).text
    elif told.kind is NotificationKind.BREAK_GLASS_ASKED:
        if frame.user.role is UserRole.ADMINISTRATOR:
            way = link(say("See what is asked"), "administration", quiet=True)
    elif told.kind in _ABOUT_CONSENT and may_see_content(
        frame.user, recording=recording, course=course
    ):
        way = link(say("See consent"), "consent", quiet=True, recording=recording.id)
    elif told.kind is NotificationKind.INVITED and invitations.is_invited(
        tx, recording.id, frame.user.id
    ):
        way = link(say("Open the room"), "room", quiet=True, recording=recording.id)
    return _Told(
        told.id,
        say(NOTIFICATION_WORDS[told.kind]).format(conversation=conversation),
        day(told.at, language=language),
        more,
        way,
    )
