"""Who is in a recording and what each has answered: the table, and ways to put it right."""

from html import escape

import streamlit as st

from consent.model import AFFIRMATIVE, Participant, Purpose, Role
from review_app.commands import intake
from review_app.consent_words import ANSWER_WORDS, GROUND_WORDS, WEIGHT_WORDS, how, who_is
from review_app.dates import day
from review_app.errors import ReviewError
from review_app.overview import age_on
from review_app.standing import Standing
from review_app.views.frame import Frame
from review_app.views.markup import badge, page_link
from review_app.views.roster import person_fields
from review_app.words import PURPOSE_WORDS
from storage.errors import StorageError


def draw(frame: Frame, standing: Standing, *, mine: bool, unfolded: bool) -> None:
    """Draw the table, and for the caseworker the way to add someone."""
    say = frame.say
    with st.container(key="card-people", border=True):
        st.subheader(say("Who is in it, and what have they answered?"), anchor=False)
        st.html(_table(frame, standing, mine=mine))
        note = say("A no changes nothing in the help, and nobody is asked for a reason.")
        more = say("If one person says no to supervision, the recording is not used.")
        st.html(f'<p class="s muted">{escape(note)} {escape(more)}</p>')
        if mine:
            with st.expander(say("Add a person"), expanded=unfolded, icon=":material/person_add:"):
                _add(frame, standing)


def _add(frame: Frame, standing: Standing) -> None:
    say = frame.say
    st.markdown(
        say("The recording locks at once, and stays locked until this person has said yes.")
    )
    named = person_fields(say, key="new", label=say("Who is it?"), first=Role.SUPPORT_PERSON)
    if not st.button(say("Add and lock"), key="add"):
        return
    if not named.is_whole:
        st.error(say("Choose the ground of each custody holder."))
        return
    added = named.participant()
    try:
        with frame.home.transaction() as tx:
            intake.add_participant(tx, frame.user, standing.recording.id, added)
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.query_params["person"] = added.person
    st.rerun()


def _table(frame: Frame, standing: Standing, *, mine: bool) -> str:
    say = frame.say
    heads = "".join(
        f'<th scope="col">{escape(say(PURPOSE_WORDS[purpose]))}'
        f'<span class="xs muted">{escape(say(WEIGHT_WORDS[purpose]))}</span></th>'
        for purpose in Purpose
    )
    rows = "".join(_row(frame, standing, person, mine=mine) for person in standing.roster)
    action = f'<th scope="col"><span class="sam-unseen">{escape(say("Action"))}</span></th>'
    return (
        '<div class="sam-wide"><table class="sam-table sam-answers"><thead><tr>'
        f'<th scope="col">{escape(say("Person"))}</th>{heads}{action if mine else ""}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(frame: Frame, standing: Standing, person: Participant, *, mine: bool) -> str:
    say = frame.say
    who = who_is(person, standing.roster, say=say)
    missing = person in standing.missing
    name = f"<b>{escape(who)}</b>"
    about = escape(_about(frame, standing, person, mine=mine))
    cells = "".join(f"<td>{_cell(frame, standing, person, purpose)}</td>" for purpose in Purpose)
    action = ""
    if mine:
        text = say("Get the answer") if missing else say("See evidence")
        to = page_link(
            text,
            "consent",
            label=f"{text}: {who}",
            recording=standing.recording.id,
            person=person.person,
        )
        action = f'<td class="ac">{to}</td>'
    return (
        f'<tr class="{"mis" if missing else ""}"><th scope="row">{name}'
        f'<span class="xs muted">{about}</span></th>{cells}{action}</tr>'
    )


def _about(frame: Frame, standing: Standing, person: Participant, *, mine: bool) -> str:
    say = frame.say
    parts = []
    age = age_on(standing.question.today, person.birth_date)
    if age is not None:
        parts.append(say("{age} years").format(age=age))
    if person.ground is not None:
        parts.append(say(GROUND_WORDS[person.ground]).lower())
    if person.role is Role.CASEWORKER and mine:
        parts.append(say("you"))
    if not person.present:
        parts.append(say("not in the film"))
    return " · ".join(parts)


def _cell(frame: Frame, standing: Standing, person: Participant, purpose: Purpose) -> str:
    say = frame.say
    last = standing.latest(person.person, purpose)
    needed = purpose is Purpose.SUPERVISION and standing.is_asked(person)
    if last is None:
        if needed:
            return badge(say("Missing"), tone="wait", sign_name="clock")
        return f'<span class="s muted">{escape(say("Not asked"))}</span>'
    yes = last.event in AFFIRMATIVE
    # A voluntary yes has no colour: it is not better than a no.
    tone = "ok" if yes and purpose is Purpose.SUPERVISION else ""
    told = badge(say(ANSWER_WORDS[last.event]), tone=tone, sign_name="check" if tone else "")
    when = day(last.at, language=frame.user.language)
    return f'{told}<span class="xs muted">{escape(f"{when} · {how(last, say=say)}")}</span>'
