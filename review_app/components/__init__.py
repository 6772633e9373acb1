"""The browser components and how a page mounts them.

Plain ES modules and CSS, packaged with the app, so that a strict content policy can hold. They
hold no words: each gets its labels translated, by name.
"""

from typing import Any

import streamlit as st

from consent.model import RecordingId
from review_app.components.codebook_labels import CODEBOOK_LABELS, VOCABULARY_LABELS
from review_app.components.consent_labels import SCAN_LABELS
from review_app.components.desk_labels import DESK_LABELS, PREPARE_LABELS
from review_app.components.goal_labels import GOAL_LABELS
from review_app.components.measure_labels import AGREEMENT_LABELS, MEASURE_LABELS
from review_app.components.own_text_labels import OWN_TEXT_LABELS
from review_app.components.room_labels import (
    EMERGENCY_LABELS,
    EXPORT_LABELS,
    MINUTES_LABELS,
    PLAYER_LABELS,
    ROOM_LABELS,
)
from review_app.components.training_labels import TRAINING_LABELS
from review_app.components.trial_labels import TRIAL_LABELS
from review_app.components.upload_labels import UPLOADER_LABELS
from review_app.translation import Translate
from review_app.words import FAILURE_WORDS

LABELS: dict[str, dict[str, str]] = {
    "page": {
        "skip": "Skip to the content",
        "menu": "Pages",
        "home": "To the first page",
        "choices": "Show what can be chosen",
    },
    "desk": PLAYER_LABELS
    | DESK_LABELS
    | EXPORT_LABELS
    | OWN_TEXT_LABELS
    | TRAINING_LABELS
    | MEASURE_LABELS,
    "agreement": AGREEMENT_LABELS,
    "prepare": PLAYER_LABELS | PREPARE_LABELS,
    "room": PLAYER_LABELS | ROOM_LABELS,
    "minutes": MINUTES_LABELS,
    "goals": GOAL_LABELS,
    "uploader": UPLOADER_LABELS | OWN_TEXT_LABELS,
    "trial": TRIAL_LABELS,
    "scan": SCAN_LABELS,
    "codebook": CODEBOOK_LABELS,
    "vocabulary": VOCABULARY_LABELS,
    "emergency": PLAYER_LABELS | EMERGENCY_LABELS,
}

NO_RECORDING = RecordingId("")
"""For a component that is about none."""


def mount(
    name: str,
    *,
    recording: RecordingId = NO_RECORDING,
    language: str,
    say: Translate,
    part: str = "",
    **more: object,
) -> Any:  # noqa: ANN401 - Streamlit's own result type
    """Mount a component once, with a constant key so that no rerun takes it down.

    A part tells several of the same kind on one page apart.
    """
    component = st.components.v2.component(
        f"review-app.{name}", js=f"{name}.js", css=f"{name}.css", html="<div></div>"
    )
    labels = {key: say(text) for key, text in LABELS[name].items()}
    if name == "uploader":
        labels |= failure_labels(say)
    data = {"recording": recording, "labels": labels, "lang": language, **more}
    return component(key=f"{name}-{recording}{part}", data=data)


def failure_labels(say: Translate) -> dict[str, str]:
    """Return what stopped a film and what to do, by ``error_`` and the code."""
    return {
        f"error_{code}": f"{say(what)} {say(advice)}"
        for code, (what, advice) in FAILURE_WORDS.items()
    }
