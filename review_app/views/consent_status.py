"""Why a recording is locked or open, and the easiest way on. Yes and no weigh the same."""

from datetime import date
from html import escape

import streamlit as st

from consent.gate import latest_answers, needs_to_agree
from consent.model import (
    AFFIRMATIVE,
    Event,
    Evidence,
    EvidenceId,
    Gap,
    Method,
    Participant,
    Purpose,
)
from review_app.commands import intake
from review_app.dates import day, moment
from review_app.errors import ReviewError
from review_app.permissions import may_record_consent
from review_app.translation import Translate
from review_app.views.frame import Frame
from review_app.views.markup import badge, heading, sign, table
from review_app.words import GAP_WORDS, METHOD_WORDS, PURPOSE_WORDS, ROLE_WORDS
from storage import consent_ledger
from storage.errors import NotFound, StorageError
from storage.identity import new_id
from storage.records import Recording

_UNASKED_IS_FINE = (Purpose.TRAINING, Purpose.RESEARCH, Purpose.STATISTICS)


def draw(frame: Frame) -> None:
    """Draw who must agree, who has, and the ways to an answer."""
    asked = frame.recording_asked_for()
    if asked is None:
        return
    recording = asked[0]
    say = frame.say
    with st.container(key="reading"):
        title = say("Consent to conversation {number}").format(number=recording.number)
        st.html(heading(title))
        try:
            with frame.home.reading() as tx:
                gaps = consent_ledger.gaps(tx, recording.id)
                question = consent_ledger.question(tx, recording.id)
                roster = consent_ledger.roster_of(tx, recording.id)
                evidence = consent_ledger.evidence_of(tx, recording.id)
        except NotFound:  # it is erased, or its erasure has begun
            st.html(f'<section class="sam-card"><p>{escape(say("Erased"))}</p></section>')
            return
        st.html(_lock(recording, gaps, say=say, language=frame.user.language))
        st.html(_table(frame, roster, evidence))
        if may_record_consent(frame.user, recording=recording):
            latest = latest_answers(evidence, question=question)
            for person in roster:
                if needs_to_agree(person, people=roster, question=question):
                    _answers(frame, recording, person, latest.get(person.person))


def _lock(recording: Recording, gaps: tuple[Gap, ...], *, say: Translate, language: str) -> str:
    if not gaps:
        text = say("Everyone has consented to supervision.")
        more = say("Nobody can see the film if one of them says no later.")
        return (
            f'<section class="sam-banner ok" role="status">{sign("check")}'
            f"<p><b>{escape(text)}</b> {escape(more)}</p></section>"
        )
    people = {gap.person for gap in gaps if gap.person}
    reasons = [say(GAP_WORDS[gap.kind]) for gap in gaps if gap.person is None]
    reason = (
        say("Answers missing: {count}.").format(count=len(people)) if people else " ".join(reasons)
    )
    days = (
        say("It is erased on {day} if the answer does not come.").format(
            day=day(recording.erase_after, language=language)
        )
        if recording.erase_after
        else ""
    )
    return (
        f'<section class="sam-banner wait" role="status">{sign("lock")}'
        f"<p><b>{escape(say('The recording is locked.'))} {escape(reason)}</b><br>"
        f"{escape(say('Nobody can see it, not even you.'))} {escape(days)}</p></section>"
    )


def _table(frame: Frame, roster: tuple[Participant, ...], evidence: tuple[Evidence, ...]) -> str:
    say = frame.say
    rows = "".join(
        f'<tr><th scope="row">{escape(_who(person, roster, say=say))}</th>'
        + "".join(
            f"<td>{_cell(person, purpose, evidence, frame=frame)}</td>" for purpose in Purpose
        )
        + "</tr>"
        for person in roster
    )
    return table((say("Who is in it"), *(say(PURPOSE_WORDS[p]) for p in Purpose)), rows)


def _cell(
    person: Participant, purpose: Purpose, evidence: tuple[Evidence, ...], *, frame: Frame
) -> str:
    say = frame.say
    given = [e for e in evidence if e.person == person.person and e.purpose == purpose]
    if not given:
        missing = purpose not in _UNASKED_IS_FINE
        return badge(
            say("Missing") if missing else say("Not asked"), tone="wait" if missing else ""
        )
    last = max(given, key=lambda e: (e.at, e.event not in AFFIRMATIVE))
    yes = last.event in AFFIRMATIVE
    how = f"{say(METHOD_WORDS[last.method])} · {moment(last.at, language=frame.user.language)}"
    tone = "ok" if yes and purpose is Purpose.SUPERVISION else ""
    return (
        f"{badge(say('Yes') if yes else say('No'), tone=tone)}"
        f'<br><span class="xs muted">{escape(how)}</span>'
    )


def _answers(
    frame: Frame, recording: Recording, person: Participant, last: Evidence | None
) -> None:
    say = frame.say
    with st.container(key=f"card-{person.person}", border=True):
        who = say(ROLE_WORDS[person.role])
        st.markdown(f"**{who}**")
        if last is not None and last.event in AFFIRMATIVE:
            if st.button(
                say("{who} withdraws the consent").format(who=who), key=f"w-{person.person}"
            ):
                _record(frame, recording, person, event=Event.WITHDRAWN, method=Method.DIGITAL)
            return
        method = st.segmented_control(
            say("How was the answer given?"),
            options=list(Method),
            default=Method.SIGNED_PAPER,
            format_func=lambda m: say(METHOD_WORDS[m]),
            key=f"m-{person.person}",
        )
        yes, no = st.columns(2)
        if yes.button(
            say("{who} says yes").format(who=who), key=f"y-{person.person}", width="stretch"
        ):
            _record(frame, recording, person, event=Event.GIVEN, method=method)
        if no.button(
            say("{who} says no").format(who=who), key=f"n-{person.person}", width="stretch"
        ):
            _record(frame, recording, person, event=Event.REFUSED, method=method)


def _record(
    frame: Frame,
    recording: Recording,
    person: Participant,
    *,
    event: Event,
    method: Method | None,
) -> None:
    try:
        with frame.home.transaction() as tx:
            intake.record_answer(
                tx,
                frame.user,
                Evidence(
                    id=EvidenceId(new_id()),
                    recording=recording.id,
                    person=person.person,
                    purpose=Purpose.SUPERVISION,
                    event=event,
                    at=tx.at,
                    method=method or Method.SIGNED_PAPER,
                    valid_from=_first_day(recording),
                    language=frame.user.language,
                ),
            )
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.rerun()


def _first_day(recording: Recording) -> date:
    return recording.recorded_at.date()


def _who(person: Participant, roster: tuple[Participant, ...], *, say: Translate) -> str:
    same = [p for p in roster if p.role is person.role]
    word = say(ROLE_WORDS[person.role])
    return f"{word} {same.index(person) + 1}" if len(same) > 1 else word
