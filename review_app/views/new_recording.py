"""From film to wish in three steps: who is in it, the film, the wish."""

from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape

import streamlit as st

from consent.days import day_of, moment_of, on_the_wall
from consent.gate import Question, needs_to_agree
from consent.model import Jurisdiction, Participant, Purpose, RecordingId, Role
from review_app.commands import intake
from review_app.components import mount
from review_app.consent_words import GROUND_WORDS, who_is
from review_app.errors import ReviewError
from review_app.overview import age_on, facts_of
from review_app.supervision.cycle import Facts
from review_app.translation import Translate
from review_app.views.frame import Frame
from review_app.views.markup import bullets, card, numbered_step
from review_app.views.roster import Named, people_fields, read_birth, read_day, roster_of
from review_app.words import LANGUAGE_WORDS, SOUND_WORDS
from storage import courses, cycles, jurisdictions
from storage.errors import StorageError
from storage.records import Course, NewRecording, Plan, SoundLayout

_VOICES = (2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form. Dates are as typed until they have been read."""

    untrusted_birth: str
    untrusted_day: str
    untrusted_time: str
    named: tuple[Named, ...]
    speakers: int
    language: str
    sound: SoundLayout


def draw(frame: Frame) -> None:
    """Draw the step that the recording in the address has come to."""
    with st.container(key="reading"):
        if "recording" not in st.query_params:
            _who_is_in_it(frame)
            return
        asked = frame.recording_asked_for()
        if asked is None:
            return
        recording = asked[0]
        with frame.home.reading() as tx:
            previous = cycles.previous_minutes(tx, recording.id)
            facts, _ = facts_of(tx, recording)
        st.html(_heading(frame.say, done=_steps_done(facts)))
        if previous is not None:
            st.html(_plan(previous.plan, say=frame.say))
        mount(
            "uploader",
            recording=recording.id,
            language=frame.user.language,
            say=frame.say,
            supervisor=frame.name_of(asked[1].supervisor),
            wish=facts.cycle.wish or "",
        )


def read_time(untrusted: str) -> time:
    """Return a time of day typed as 14.30 or 14:30.

    Raises:
        ValueError: It is not a time of day.
    """
    return time.fromisoformat(untrusted.strip().replace(".", ":").zfill(5))


def _who_is_in_it(frame: Frame) -> None:
    say = frame.say
    st.html(_heading(say, done=0))
    with frame.home.reading() as tx:
        mine = courses.courses_of(tx, frame.user.id)
        now = tx.at
        rules = jurisdictions.jurisdiction(tx, frame.home.settings.jurisdiction)
    if not mine:
        st.info(say("You have no course yet. Your coordinator sets it up."))
        return
    left, right = st.columns([2, 1], gap="medium")
    with left:
        filled = _form(frame, on_the_wall(now, rules))
    with right:
        st.html(_must_agree(frame, filled, now=now, rules=rules))
        st.html(
            card(
                say("The film may come first"),
                f"<p>{escape(say('You may upload it before all have answered.'))} "
                f"{escape(say('It is kept encrypted and locked.'))}</p>",
                sign_name="lock",
            )
        )
        if st.button(say("Go on to the film"), type="primary", width="stretch"):
            _add(frame, mine[0], filled)
        mount("trial", language=frame.user.language, say=say)


def _form(frame: Frame, now: datetime) -> Filled:
    say = frame.say
    with st.container(key="card-roster", border=True):
        st.subheader(say("Who is in it?"), anchor=False)
        birth = st.text_input(say("The young person's birth date"), placeholder="8.3.2011")
        st.caption(
            f"{say('You are in it yourself. Name everyone else who is seen or heard.')} "
            f"{say('Name every custody holder, whether they were there or not.')}"
        )
        named = people_fields(say)
    with st.container(key="card-conversation", border=True):
        st.subheader(say("The conversation"), anchor=False)
        left, right = st.columns(2, gap="large")
        present = 2 + sum(person.present for person in named)
        speakers = left.segmented_control(
            say("How many voices are heard?"),
            options=_VOICES,
            default=min(present, max(_VOICES)),
            key=f"voices-{present}",
        )
        day = right.text_input(say("Day of the conversation"), value=f"{now:%d.%m.%Y}")
        clock = right.text_input(say("Time"), value=f"{now:%H.%M}")
        language = left.segmented_control(
            say("Spoken language"),
            options=list(LANGUAGE_WORDS),
            default=frame.user.language,
            format_func=lambda code: say(LANGUAGE_WORDS[code]),
        )
        sound = left.segmented_control(
            say("How was the sound recorded?"),
            options=list(SoundLayout),
            default=SoundLayout.ONE_DEVICE,
            format_func=lambda layout: say(SOUND_WORDS[layout]),
        )
    return Filled(
        untrusted_birth=birth,
        untrusted_day=day,
        untrusted_time=clock,
        named=named,
        speakers=speakers or present,
        language=language or frame.user.language,
        sound=sound or SoundLayout.ONE_DEVICE,
    )


def _must_agree(frame: Frame, filled: Filled, *, now: datetime, rules: Jurisdiction) -> str:
    """Return whom the law and the film make it necessary to ask, as the fields stand now."""
    say = frame.say
    today = day_of(now, rules)
    try:
        born = read_birth(filled.untrusted_birth, before=today)
    except ValueError:
        born = None
    people = roster_of(filled.named, born=born)
    question = Question(
        recording=RecordingId(""),
        purpose=Purpose.SUPERVISION,
        recorded_at=now,
        at=now,
        jurisdiction=rules,
    )
    asked = [p for p in people if needs_to_agree(p, people=people, question=question)]
    body = bullets(_asked(person, people, today=today, say=say) for person in asked)
    note = say("Until every one of them has said yes, nobody can see the film, not even you.")
    return card(
        say("These must say yes: {count}").format(count=len(asked)),
        f'{body}<p class="s muted">{escape(note)}</p>',
        sign_name="check",
    )


def _asked(
    person: Participant, people: tuple[Participant, ...], *, today: date, say: Translate
) -> str:
    who = who_is(person, people, say=say)
    age = age_on(today, person.birth_date)
    if age is not None:
        return say("{who}, {age} years").format(who=who, age=age)
    if person.role is Role.CASEWORKER:
        return say("{who} (you)").format(who=who)
    return f"{who}, {say(GROUND_WORDS[person.ground]).lower()}" if person.ground else who


def _add(frame: Frame, course: Course, filled: Filled) -> None:
    say = frame.say
    try:
        day = read_day(filled.untrusted_day)
        clock = read_time(filled.untrusted_time)
    except ValueError:
        st.error(say("Day or time cannot be read. Write them as 24.11.2026 and 14.30."))
        return
    try:
        born = read_birth(filled.untrusted_birth, before=day)
    except ValueError:
        st.error(say("The birth date cannot be read. Write it as 8.3.2011."))
        return
    if not all(person.is_whole for person in filled.named):
        st.error(say("Choose the ground of each custody holder."))
        return
    try:
        with frame.home.transaction() as tx:
            rules = jurisdictions.jurisdiction(tx, frame.home.settings.jurisdiction)
            recorded_at = moment_of(day, clock, rules)
            if recorded_at > tx.at:
                st.error(say("The day of the conversation is in the future. Correct it."))
                return
            added = intake.add_recording(
                tx,
                frame.user,
                NewRecording(
                    course=course.id,
                    recorded_at=recorded_at,
                    roster=roster_of(filled.named, born=born),
                    jurisdiction=rules.code,
                    language=filled.language,
                    speakers=filled.speakers,
                    sound=filled.sound,
                ),
            )
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.session_state.pop("named", None)
    st.query_params["recording"] = added.id
    st.rerun()


def _plan(plan: Plan, *, say: Translate) -> str:
    noticing = f"<p>{escape(plan.will_notice)}</p>" if plan.will_notice else ""
    return card(say("Your plan from last time"), bullets(plan.will_try) + noticing)


def _steps_done(facts: Facts) -> int:
    """Return how many of the three steps lie behind: people, film, wish."""
    if not facts.received:
        return 1
    return 3 if facts.cycle.wish else 2


def _heading(say: Translate, *, done: int) -> str:
    names = (say("Who is in it"), say("The film"), say("Your wish"))
    steps = "".join(numbered_step(n, name, present=done) for n, name in enumerate(names))
    return (
        f'<div class="sam-hd"><div class="hstack"><h1>{escape(say("New recording"))}</h1>'
        f'<ol class="sam-three">{steps}</ol></div></div>'
    )
