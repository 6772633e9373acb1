"""The fields of an answer that someone gave on paper or aloud, and its two equal buttons."""

from collections.abc import Callable

import streamlit as st

from consent.model import (
    AFFIRMATIVE,
    Event,
    Evidence,
    EvidenceId,
    Method,
    Participant,
    Place,
    Purpose,
    Scope,
)
from consent.notices import audience_for
from review_app.commands import intake
from review_app.consent_words import PLACE_WORDS, SCOPE_WORDS
from review_app.errors import ReviewError
from review_app.standing import Standing
from review_app.views.frame import Frame
from review_app.views.roster import read_day
from review_app.words import LANGUAGE_WORDS, METHOD_WORDS, PURPOSE_WORDS
from storage import notices
from storage.errors import StorageError
from storage.identity import new_id

Given = Callable[[Event], None]
_WRITTEN_DOWN = (Method.SIGNED_PAPER, Method.SPOKEN)
"""How an answer may have been given that someone else writes down."""


def draw(frame: Frame, standing: Standing, person: Participant) -> None:
    """Draw the fields of an answer that someone gave otherwise, and its two equal buttons."""
    say = frame.say
    key = person.person
    purpose = st.segmented_control(
        say("What is it about?"),
        options=list(Purpose),
        default=Purpose.SUPERVISION,
        format_func=lambda each: say(PURPOSE_WORDS[each]),
        key=f"purpose-{key}",
    )
    method = st.segmented_control(
        say("How was the answer given?"),
        options=_WRITTEN_DOWN,
        default=Method.SIGNED_PAPER,
        format_func=lambda each: say(METHOD_WORDS[each]),
        key=f"method-{key}",
    )
    second = ""
    if method is Method.SPOKEN:
        second = st.text_input(
            say("Where on the recording is it heard?"), placeholder="0:42", key=f"second-{key}"
        )
    with st.expander(say("Place, language, parts and period")):
        places = tuple(Place)
        place = st.selectbox(
            say("Place"),
            options=places,
            index=places.index(Place.OFFICE),
            format_func=lambda each: say(PLACE_WORDS[each]),
            placeholder=say("Choose"),
            key=f"place-{key}",
        )
        language = st.selectbox(
            say("Language of the notice"),
            options=list(LANGUAGE_WORDS),
            index=list(LANGUAGE_WORDS).index(frame.user.language),
            format_func=lambda code: say(LANGUAGE_WORDS[code]),
            placeholder=say("Choose"),
            key=f"language-{key}",
        )
        scope = st.segmented_control(
            say("Which parts may be used?"),
            options=list(Scope),
            default=list(Scope),
            selection_mode="multi",
            format_func=lambda each: say(SCOPE_WORDS[each]),
            key=f"scope-{key}",
        )
        until = st.text_input(
            say("First day on which it no longer holds (may be left empty)"),
            placeholder="24.11.2027",
            key=f"until-{key}",
        )

    def given(event: Event) -> None:
        try:
            last_day = read_day(until) if until.strip() else None
        except ValueError:
            st.error(say("The day cannot be read. Write it as 24.11.2027."))
            return
        _record(
            frame,
            standing,
            person,
            Evidence(
                id=EvidenceId(new_id()),
                recording=standing.recording.id,
                person=person.person,
                purpose=purpose or Purpose.SUPERVISION,
                event=event,
                at=standing.question.at,
                method=method or Method.SIGNED_PAPER,
                valid_from=standing.question.recorded_on,
                valid_until=last_day,
                scope=frozenset(scope),
                language=language,
                notice=_notice(standing, person, language=language),
                spoken_at_ms=read_second(second),
                place=place,
            ),
        )

    _buttons(frame, standing, person, purpose or Purpose.SUPERVISION, given=given)


def _buttons(
    frame: Frame,
    standing: Standing,
    person: Participant,
    purpose: Purpose,
    *,
    given: Given,
) -> None:
    """Draw yes beside no, equal in size and colour; of a given yes, taking it back instead."""
    say = frame.say
    last = standing.latest(person.person, purpose)
    holds = last is not None and last.event in AFFIRMATIVE
    yes, no = st.columns(2)
    again = say("Says yes again") if holds else say("Says yes")
    if yes.button(again, key=f"y-{person.person}", width="stretch"):
        given(Event.RECONFIRMED if holds else Event.GIVEN)
    if not holds:
        if no.button(say("Says no"), key="no", width="stretch"):
            given(Event.REFUSED)
        return
    sure = f"sure-{person.person}-{purpose}"
    if no.button(say("Takes the yes back"), key=f"w-{person.person}", width="stretch"):
        st.session_state[sure] = True
    if st.session_state.get(sure):
        _ask_once(frame, purpose, sure=sure, given=given)


def _ask_once(frame: Frame, purpose: Purpose, *, sure: str, given: Given) -> None:
    """Ask whether it is meant, naming what follows."""
    say = frame.say
    erases = purpose is Purpose.SUPERVISION
    what = (
        say("The recording and everything made from it is erased now. Nobody can bring it back.")
        if erases
        else say("From now on the recording is no longer used for this.")
    )
    st.warning(f"**{say('Are you sure?')}** {what}")
    act, keep = st.columns(2)
    yes = say("Withdraw and erase") if erases else say("Withdraw")
    if keep.button(say("Go back"), key=f"keep-{sure}", width="stretch"):
        del st.session_state[sure]
        st.rerun()
    if act.button(yes, key=f"act-{sure}", width="stretch"):
        del st.session_state[sure]
        given(Event.WITHDRAWN)


def _record(frame: Frame, standing: Standing, person: Participant, answer: Evidence) -> None:
    try:
        with frame.home.transaction() as tx:
            intake.record_answer(tx, frame.user, answer)
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.query_params["recording"] = standing.recording.id
    st.query_params["person"] = person.person
    st.rerun()


def read_second(untrusted: str) -> int | None:
    """Return a place in a film typed as 0:42, 1.02.03 or 42, in milliseconds, if it is one."""
    parts = untrusted.strip().replace(".", ":").split(":")
    if not all(part.isdecimal() and len(part) <= len("000") for part in parts) or len(parts) > len(
        ("h", "m", "s")
    ):
        return None
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds * 1000


def _notice(standing: Standing, person: Participant, *, language: str) -> str:
    """Return the version of the notice that this person is shown in a language."""
    audience = audience_for(
        person,
        on=standing.question.today,
        jurisdiction=standing.question.jurisdiction,
    )
    return notices.notice(audience, language=language).version
