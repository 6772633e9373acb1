"""The pages that are one component each: desk, preparation, joint room, minutes, agreement."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from consent.model import RecordingId
from review_app.components import mount
from review_app.views.frame import Frame
from review_app.words import EXPORT_REASON_WORDS, TRAINING_REASON_WORDS
from storage.records import ExportReason, TrainingReason, UserRole

_MOST_DIGITS = 8


def desk(frame: Frame) -> None:
    """Draw the review desk."""
    _shell(frame, "desk")


def prepare(frame: Frame) -> None:
    """Draw the caseworker's preparation."""
    _shell(frame, "prepare")


def room(frame: Frame) -> None:
    """Draw the joint room, for one of the two or for their guest."""
    asked = frame.meeting_asked_for()
    if asked is None:
        return
    recording, as_guest = asked
    with st.container(key="shell"):
        mount(
            "room",
            recording=recording,
            language=frame.user.language,
            say=frame.say,
            home_url="/",
            meeting=frame.home.settings.meeting,
            **({} if as_guest else ways_from_room(recording, role=frame.user.role)),
        )


def ways_from_room(recording: RecordingId, *, role: UserRole) -> dict[str, str]:
    """Return the other pages of a conversation that the room leads one of the two to."""
    query = urlencode({"recording": recording})
    ways = {"minutes_url": f"/minutes?{query}", "consent_url": f"/consent?{query}"}
    if role is UserRole.CASEWORKER:  # nobody else has a page of answers
        ways["answers_url"] = f"/prepare?{query}"
    return ways


def minutes(frame: Frame) -> None:
    """Draw minutes and plan."""
    _shell(frame, "minutes")


def agreement(frame: Frame) -> None:
    """Draw where two mark a stretch each on their own."""
    _shell(frame, "agreement")


def _shell(frame: Frame, name: str) -> None:
    asked = frame.recording_asked_for()
    if asked is not None:
        with st.container(key="shell"):
            recording = asked[0].id
            query = urlencode({"recording": recording})
            mount(
                name,
                recording=recording,
                language=frame.user.language,
                say=frame.say,
                reaction_ms=frame.user.reaction_ms,
                pre_roll_ms=frame.user.pre_roll_ms,
                at_ms=_place(st.query_params.get("at", "")),
                home_url="/",
                desk_url=f"/desk?{query}",
                answers_url=f"/prepare?{query}",
                minutes_url=f"/minutes?{query}",
                course_url="/course",
                agreement_url=f"/agreement?{query}",
                export_reasons=_in_words(frame, EXPORT_REASON_WORDS),
                training_reasons=_in_words(frame, TRAINING_REASON_WORDS),
            )


def _in_words(
    frame: Frame, reasons: Mapping[ExportReason, str] | Mapping[TrainingReason, str]
) -> dict[str, str]:
    """Return why a copy may be taken out, in words; nothing where the site allows none."""
    allowed = frame.home.settings.downloads
    return {code: frame.say(words) for code, words in reasons.items() if allowed}


def _place(untrusted: str) -> int:
    """Return the place in the film that an address names, in ms; its beginning if none."""
    return int(untrusted) if untrusted.isdecimal() and len(untrusted) <= _MOST_DIGITS else 0
