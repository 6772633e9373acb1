"""One's own page: language, one's own hand at the film, and the way out."""

import streamlit as st
from babel.numbers import format_decimal

from review_app.translation import LANGUAGES
from review_app.views.frame import Frame
from review_app.views.markup import heading, link
from storage import accounts
from storage.records import UserRole

_REACTIONS_MS = (0, 200, 400, 600, 800, 1_000)
_PRE_ROLLS_MS = (0, 1_000, 2_000, 3_000, 5_000)
_OWN_NAMES = {"da": "Dansk", "sv": "Svenska", "en": "English"}


def draw(frame: Frame) -> None:
    """Draw the choice of language, for the two the timing of marks, and the sign-out."""
    say = frame.say
    with st.container(key="reading"):
        st.html(heading(frame.user.name, say("Profile and language")))
        chosen = st.segmented_control(
            say("Language"),
            options=list(LANGUAGES),
            default=frame.user.language,
            format_func=_OWN_NAMES.__getitem__,
        )
        if chosen and chosen != frame.user.language:
            with frame.home.transaction() as tx:
                accounts.choose_language(tx, frame.user.id, language=chosen)
            st.rerun()
        if frame.user.role in {UserRole.CASEWORKER, UserRole.SUPERVISOR}:
            _timing(frame)
        st.html(link(say("Sign out"), "auth/logout"))


def _timing(frame: Frame) -> None:
    """Draw how late the person's hand is, and how much earlier their marks begin."""
    say, user = frame.say, frame.user

    def seconds(ms: int) -> str:
        number = format_decimal(ms / 1_000, locale=user.language)
        return say("{seconds} s").format(seconds=number)

    reaction = st.segmented_control(
        say("How late your hand is when you mark a running film"),
        options=_REACTIONS_MS,
        default=user.reaction_ms,
        format_func=seconds,
    )
    pre_roll = st.segmented_control(
        say("How much earlier your marks then begin"),
        options=_PRE_ROLLS_MS,
        default=user.pre_roll_ms,
        format_func=seconds,
    )
    if reaction is None or pre_roll is None:
        return  # what was chosen was clicked away: it stays as it is
    if (reaction, pre_roll) != (user.reaction_ms, user.pre_roll_ms):
        with frame.home.transaction() as tx:
            accounts.choose_timing(tx, user.id, reaction_ms=reaction, pre_roll_ms=pre_roll)
        st.rerun()
