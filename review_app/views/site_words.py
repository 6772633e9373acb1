"""The pages of what the whole site shares: its codebooks, and the words to listen for."""

import streamlit as st

from review_app.components import mount
from review_app.views.frame import Frame


def codebook(frame: Frame) -> None:
    """Draw the codebooks, to be read and, by whoever may, changed."""
    _draw(frame, "codebook")


def vocabulary(frame: Frame) -> None:
    """Draw the words that the recognizer is told."""
    _draw(frame, "vocabulary")


def _draw(frame: Frame, name: str) -> None:
    with st.container(key="reading"):
        mount(name, language=frame.user.language, say=frame.say)
