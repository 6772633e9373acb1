"""One's own page: language, and the way out."""

import streamlit as st

from review_app.translation import LANGUAGES
from review_app.views.frame import Frame
from review_app.views.markup import heading, link
from storage import accounts

_OWN_NAMES = {"da": "Dansk", "sv": "Svenska", "en": "English"}


def draw(frame: Frame) -> None:
    """Draw the choice of language and the sign-out."""
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
        st.html(link(say("Sign out"), "auth/logout"))
