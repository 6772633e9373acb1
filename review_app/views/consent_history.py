"""What has happened around a recording's consent, who has seen it, and who waits for a copy."""

from datetime import datetime
from html import escape
from typing import Final

import streamlit as st

from consent.model import PersonId
from review_app.commands import intake
from review_app.consent_words import EVENT_WORDS, deadline_text, how, who_is
from review_app.dates import day, moment, short_moment
from review_app.errors import ReviewError
from review_app.standing import Standing
from review_app.views.frame import Frame
from review_app.views.markup import bullets, card, sign
from review_app.words import PURPOSE_WORDS, USER_ROLE_WORDS
from storage import accounts
from storage.errors import StorageError
from storage.records import AccessAsk, AuditEntry, UserId

_HAPPENED_WORDS: Final[dict[str, str]] = {
    "recording_added": "Recording registered",
    "participant_added": "{who} added, the recording locked",
    "participant_corrected": "What is known of {who} corrected",
    "code_issued": "Code made for {who}",
    "codes_stopped": "Earlier codes of {who} stopped",
    "camera_cleared": "Film deleted from the camera, says the caseworker",
    "scan_kept": "Signed paper kept",
    "notice_printed": "Notice printed for {who}",
    "receipt_issued": "Receipt made for {who}",
    "access_answered": "{who} has been given a copy",
}
_SEEN: Final = frozenset({"opened", "viewed"})


def draw(frame: Frame, standing: Standing, *, mine: bool) -> None:
    """Draw who waits for a copy, the days that are coming, the history, and who has seen it."""
    if mine:
        for ask in standing.asks:
            _ask(frame, standing, ask)
    if coming := _coming(frame, standing):
        st.html(coming)
    st.html(card(frame.say("What has happened"), _events(frame, standing) + _seen(frame, standing)))


def _ask(frame: Frame, standing: Standing, ask: AccessAsk) -> None:
    say = frame.say
    who = _who(standing, ask.person, frame)
    due = day(ask.due_on, language=frame.user.language)
    with st.container(key=f"card-ask-{ask.id}", border=True):
        st.markdown(f"**{say('{who} asks for what is held').format(who=who)}**")
        st.markdown(say("To be answered by {day}.").format(day=due))
        if st.button(say("Answered"), key=f"ask-{ask.id}", width="stretch"):
            try:
                with frame.home.transaction() as tx:
                    intake.answer_access_ask(tx, frame.user, standing.recording.id, ask.id)
            except (ReviewError, StorageError) as error:
                frame.banner(error)
                return
            st.rerun()


def _coming(frame: Frame, standing: Standing) -> str:
    """Return the days to keep in mind; those that are over lock it and are told above."""
    say, language = frame.say, frame.user.language
    coming = [each for each in standing.deadlines if each.on > standing.question.today]
    if not coming:
        return ""
    body = bullets(
        deadline_text(each, standing.roster, language=language, say=say) for each in coming
    )
    return card(say("Days to keep in mind"), body, sign_name="calendar")


def _events(frame: Frame, standing: Standing) -> str:
    language = frame.user.language
    told = sorted(_happened(frame, standing), key=lambda each: each[0], reverse=True)
    rows = "".join(
        f'<li><span class="xs muted num">{escape(short_moment(at, language=language))}</span>'
        f"<span>{escape(text)}</span></li>"
        for at, text in told
    )
    return f'<ol class="sam-events">{rows}</ol>'


def _happened(frame: Frame, standing: Standing) -> list[tuple[datetime, str]]:
    say = frame.say
    found = [
        (entry.at, say(_HAPPENED_WORDS[entry.action]).format(who=_who_of(entry, standing, frame)))
        for entry in standing.entries
        if entry.action in _HAPPENED_WORDS
    ]
    found += [
        (
            answer.at,
            say(EVENT_WORDS[answer.event]).format(
                who=_who(standing, answer.person, frame),
                purpose=say(PURPOSE_WORDS[answer.purpose]).lower(),
            )
            + f" ({how(answer, say=say).lower()})",
        )
        for answer in standing.evidence
    ]
    if standing.recording.received_at is not None:
        found.append((standing.recording.received_at, say("Film received and encrypted")))
    return found


def _who_of(entry: AuditEntry, standing: Standing, frame: Frame) -> str:
    return _who(standing, PersonId(str(entry.detail.get("person", ""))), frame)


def _who(standing: Standing, person: PersonId, frame: Frame) -> str:
    found = standing.person(person)
    return who_is(found, standing.roster, say=frame.say) if found else ""


def _seen(frame: Frame, standing: Standing) -> str:
    """Return who has opened the recording: roles and times, for a role is all that matters."""
    say = frame.say
    looks = [entry for entry in standing.entries if entry.action in _SEEN]
    if not looks:
        return f"<p>{sign('eye')} <b>{escape(say('Nobody has seen the recording.'))}</b></p>"
    # One line for each person and day: a sitting is many looks.
    first = {(e.actor, day(e.at, language=frame.user.language)): e for e in reversed(looks)}
    with frame.home.reading() as tx:
        roles = {actor: accounts.user(tx, UserId(actor)).role for actor, _ in first}
    rows = "".join(
        f"<li>{escape(say(USER_ROLE_WORDS[roles[look.actor]]))}, "
        f"{escape(moment(look.at, language=frame.user.language))}</li>"
        for look in first.values()
    )
    return f"<h3>{sign('eye')} {escape(say('Who has seen it'))}</h3><ul>{rows}</ul>"
