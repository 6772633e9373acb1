"""One person's answers: what is kept of them, the ways to a new one, and taking one back."""

from datetime import date
from html import escape

import streamlit as st

from consent.model import (
    AFFIRMATIVE,
    Evidence,
    Method,
    Participant,
    Purpose,
    Role,
    Scope,
)
from review_app.commands import intake
from review_app.components import mount
from review_app.consent_words import ANSWER_WORDS, PLACE_WORDS, SCOPE_WORDS, how, who_is
from review_app.dates import day, moment
from review_app.errors import ReviewError
from review_app.standing import Standing
from review_app.views import consent_answer, consent_code, consent_doubt
from review_app.views.frame import Frame
from review_app.views.markup import page_link
from review_app.views.roster import ground_field, read_birth
from review_app.words import LANGUAGE_WORDS, PURPOSE_WORDS
from storage.errors import StorageError


def draw(frame: Frame, standing: Standing) -> None:
    """Draw the person asked for in the address, else whoever is missing first."""
    asked_for = standing.person(st.query_params.get("person", ""))
    person = asked_for or next(iter(standing.missing), None)
    if person is None:
        return
    say = frame.say
    who = who_is(person, standing.roster, say=say)
    with st.container(key="card-person", border=True):
        st.subheader(say("The answer of {who}").format(who=who), anchor=False)
        _evidence(frame, standing, person)
        _next(frame, standing, person)
        st.caption(say("Choose what is easiest for them. Yes and no are equally good answers."))
        consent_code.draw(frame, standing, person)
        consent_answer.draw(frame, standing, person)
        consent_doubt.draw(frame, standing, (person,))
        with st.expander(say("Correct what is known of {who}").format(who=who)):
            _correct(frame, standing, person)


def _next(frame: Frame, standing: Standing, person: Participant) -> None:
    """Draw the way on to the next who is missing, once this one has answered."""
    others = [each for each in standing.missing if each.person != person.person]
    if person in standing.missing or not others:
        return
    say = frame.say
    text = say("Next: {who}").format(who=who_is(others[0], standing.roster, say=say))
    query = {"recording": str(standing.recording.id), "person": str(others[0].person)}
    st.html(f"<p>{page_link(text, 'consent', **query)}</p>")


def _evidence(frame: Frame, standing: Standing, person: Participant) -> None:
    """Draw what proves each answer that counts now, and the way to the paper's picture."""
    for purpose in Purpose:
        answer = standing.latest(person.person, purpose)
        if answer is None:
            continue
        st.html(_proof(frame, answer))
        waits_for_scan = answer.method is Method.SIGNED_PAPER and not answer.scanned
        if waits_for_scan and answer.event in AFFIRMATIVE:
            mount(
                "scan",
                recording=standing.recording.id,
                language=frame.user.language,
                say=frame.say,
                part=f"-{answer.id}",
                evidence=answer.id,
            )


def _proof(frame: Frame, answer: Evidence) -> str:
    say, language = frame.say, frame.user.language
    came_to = say(ANSWER_WORDS[answer.event])
    parts = [how(answer, say=say), say(PLACE_WORDS[answer.place])]
    if answer.language in LANGUAGE_WORDS:
        parts.append(say(LANGUAGE_WORDS[answer.language]))
    parts.append(", ".join(say(SCOPE_WORDS[scope]) for scope in Scope if scope in answer.scope))
    if answer.valid_until is not None:
        parts.append(say("until {day}").format(day=_full(answer.valid_until, language)))
    if answer.notice:
        parts.append(say("shown: {notice}").format(notice=answer.notice))
    parts.append(
        say("written down by the caseworker") if answer.written_by else say("with their own code")
    )
    scan = ""
    if answer.scanned:
        address = f"/api/recordings/{answer.recording}/evidence/{answer.id}/scan"
        scan = (
            f' <a class="s" target="_blank" href="{escape(address)}">'
            f"{escape(say('See the signed paper'))}</a>"
        )
    return (
        f"<p><b>{escape(say(PURPOSE_WORDS[answer.purpose]))}: {escape(came_to)}</b>, "
        f"{escape(moment(answer.at, language=language))}<br>"
        f'<span class="s muted">{escape(" · ".join(parts))}</span>{scan}</p>'
    )


def _correct(frame: Frame, standing: Standing, person: Participant) -> None:
    """Draw what may turn out to have been wrong about someone."""
    say, key = frame.say, person.person
    born, ground = person.birth_date, person.ground
    typed = ""
    if person.role is Role.YOUTH:
        typed = st.text_input(
            say("Birth date"),
            value=f"{born.day}.{born.month}.{born.year}" if born else "",
            key=f"born-{key}",
        )
    if person.role is Role.CUSTODY_HOLDER:
        ground = ground_field(say, key=key, chosen=ground)
    present = st.checkbox(say("Seen or heard"), value=person.present, key=f"present-{key}")
    if not st.button(say("Save the correction"), key=f"correct-{key}", width="stretch"):
        return
    if person.role is Role.YOUTH:
        try:
            born = read_birth(typed, before=standing.question.recorded_on)
        except ValueError:
            st.error(say("The birth date cannot be read. Write it as 8.3.2011."))
            return
    corrected = Participant(person.person, person.role, born, present=present, ground=ground)
    try:
        with frame.home.transaction() as tx:
            intake.correct_participant(tx, frame.user, standing.recording.id, corrected)
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.rerun()


def _full(value: date, language: str) -> str:
    return f"{day(value, language=language)} {value.year}"
