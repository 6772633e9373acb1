"""What an address shows that leads nowhere, or to a page of another role."""

from html import escape

import streamlit as st

from review_app.views.frame import Frame
from review_app.views.markup import link, sign


def draw(frame: Frame) -> None:
    """Draw the refusal in the reader's language; Streamlit's own is always in English."""
    say = frame.say
    what = say("This page is not open to you")
    meaning = say("It is another role's, or there is none at this address.")
    advice = say("Talk to your coordinator if you should have access.")
    st.html(
        f'<section class="sam-card sam-state">{sign("lock")}<h1>{escape(what)}</h1>'
        f"<p>{escape(meaning)} {escape(advice)}</p>"
        f"{link(say('To the first page'), '', primary=True)}</section>"
    )
