"""Why a recording is locked or open, and the easiest way on. Yes and no weigh the same."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from consent.model import Participant
from review_app.consent_words import who_is
from review_app.dates import day
from review_app.overview import age_on
from review_app.permissions import may_record_consent
from review_app.standing import Standing, standing_of, voices_unnamed
from review_app.translation import Translate
from review_app.views import consent_doubt, consent_history, consent_person, consent_roster
from review_app.views.frame import Frame
from review_app.views.hold_badge import hold_line
from review_app.views.markup import crumbs, heading, sign
from review_app.words import GAP_WORDS
from storage.errors import NotFound
from storage.records import Recording

_MINUTE_MS = 60_000


def draw(frame: Frame) -> None:
    """Draw who must agree, who has, and the ways to an answer."""
    asked = frame.recording_asked_for()
    if asked is None:
        return
    recording = asked[0]
    say = frame.say
    with st.container(key="reading"):
        try:
            with frame.home.reading() as tx:
                standing = standing_of(tx, recording)
                unnamed = voices_unnamed(frame.home, tx, recording)
        except NotFound:  # it is erased, or its erasure has begun
            st.html(_head(recording, "", say=say))
            st.html(f'<section class="sam-card"><p>{escape(say("Erased"))}</p></section>')
            return
        st.html(_head(recording, _about(standing, frame), say=say))
        st.html(_lock(standing, say=say, language=frame.user.language))
        if held := hold_line(frame, recording):
            st.html(held)
        mine = may_record_consent(frame.user, recording=recording)
        if unnamed and mine:
            st.html(_banner("warning", *_one_voice_more(unnamed, say=say)))
        left, right = st.columns([2.7, 1], gap="medium")
        with left:
            consent_roster.draw(frame, standing, mine=mine, unfolded=bool(unnamed))
        with right:
            if mine:
                consent_person.draw(frame, standing)
            else:
                consent_doubt.draw(frame, standing, standing.roster)
            consent_history.draw(frame, standing, mine=mine)


def _head(recording: Recording, under: str, *, say: Translate) -> str:
    number = recording.number
    title = say("Consent to conversation {number}").format(number=number)
    here = say("Conversation {number}").format(number=number)
    return crumbs(say("My recordings"), here=here) + heading(title, under)


def _about(standing: Standing, frame: Frame) -> str:
    """Return the line under the heading: day, who, how long, by which country's rules."""
    say, language = frame.say, frame.user.language
    recording = standing.recording
    when = standing.question.recorded_on
    youth = say("Youth {letter}").format(letter=recording.youth_letter)
    age = next(
        (age_on(when, p.birth_date) for p in standing.roster if p.birth_date is not None), None
    )
    parts = [
        day(when, language=language),
        say("{youth}, {age} years").format(youth=youth, age=age) if age is not None else youth,
    ]
    if recording.duration_ms:
        minutes = max(1, round(recording.duration_ms / _MINUTE_MS))
        parts.append(say("{minutes} min").format(minutes=minutes))
    profile = standing.question.jurisdiction
    since = f"{day(profile.in_force_from, language=language)} {profile.in_force_from.year}"
    rules = say("rules of {country} as of {day}")
    parts.append(rules.format(country=profile.code, day=since))
    return " · ".join(parts)


def _lock(standing: Standing, *, say: Translate, language: str) -> str:
    """Return the panel that says in one sentence whether it is open, and for how long."""
    if not standing.gaps:
        title = say("Everyone has consented to supervision.")
        text = say("Nobody can see the film if one of them says no later.")
        tone, drawing = "ok", "check"
    else:
        title = f"{say('The recording is locked.')} {_reason(standing, say=say, language=language)}"
        text = say("Nobody can see or hear it, not even you, and no machine works on it.")
        tone, drawing = "wait", "lock"
    return (
        f'<section class="sam-banner sam-lock {tone}" role="status">{sign(drawing)}'
        f'<div class="grow"><h2>{escape(title)}</h2><p>{escape(text)}</p></div>'
        f"{_countdown(standing, say=say, language=language)}</section>"
    )


def _reason(standing: Standing, *, say: Translate, language: str) -> str:
    """Return why it is locked. Who disagrees is told so; nobody is told to be persuaded."""
    conflict = standing.conflict
    of_roster = [say(GAP_WORDS[gap.kind]) for gap in standing.gaps if gap.person is None]
    until = standing.erase_on
    if conflict is not None:
        text = say("{yes} said yes, {no} no. So the recording is not used and is erased {day}.")
        return text.format(
            yes=_names(conflict.yes, standing, say=say),
            no=_names(conflict.no, standing, say=say),
            day=day(until, language=language) if until else "",
        )
    if standing.refused:
        people = _names(standing.refused, standing, say=say)
        return say("{people} said no. So the recording is not used.").format(people=people)
    if of_roster:
        return " ".join(of_roster)
    people = _names(standing.missing, standing, say=say)
    return say("Still to answer: {people}.").format(people=people)


def _names(people: Iterable[Participant], standing: Standing, *, say: Translate) -> str:
    return ", ".join(who_is(person, standing.roster, say=say) for person in people)


def _countdown(standing: Standing, *, say: Translate, language: str) -> str:
    until = standing.erase_on
    if until is None:
        return ""
    days = max(0, (until - standing.question.today).days)
    when = (
        say("Erased {day} if the answer does not come")
        if standing.missing and not standing.refused
        else say("Erased {day} at the latest")
    ).format(day=day(until, language=language))
    count = say("{days} days").format(days=days)
    return f'<div class="sam-count"><b>{escape(count)}</b><span>{escape(when)}</span></div>'


def _banner(drawing: str, *lines: str) -> str:
    first, *rest = map(escape, lines)
    more = "".join(f" {line}" for line in rest)
    return (
        f'<section class="sam-banner wait" role="status">{sign(drawing)}'
        f"<p><b>{first}</b>{more}</p></section>"
    )


def _one_voice_more(unnamed: int, *, say: Translate) -> tuple[str, str]:
    title = (
        say("One voice more is heard than people are named.")
        if unnamed == 1
        else say("{count} voices more are heard than people are named.").format(count=unnamed)
    )
    return title, say("Listen, and add whoever it is. The machine may have heard wrongly.")
