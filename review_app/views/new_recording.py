"""From film to wish in three steps: who is in it, the film, the wish."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import escape

import streamlit as st

from consent.model import Participant, PersonId, Role
from review_app.commands import intake
from review_app.components import mount
from review_app.dates import local
from review_app.errors import ReviewError
from review_app.translation import Translate
from review_app.views.frame import Frame
from review_app.views.markup import bullets, card, link
from review_app.words import LANGUAGE_WORDS, ROLE_WORDS, SOUND_WORDS
from storage import courses, cycles
from storage.errors import StorageError
from storage.identity import new_id
from storage.records import Course, NewRecording, Plan, SoundLayout

_MOST_CUSTODY_HOLDERS = 3
_OLDEST = 120
_OTHERS = (Role.PARENT, Role.SUPPORT_PERSON, Role.INTERPRETER, Role.NETWORK_PERSON)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form. Dates are as typed until they have been read."""

    untrusted_birth: str
    untrusted_day: str
    untrusted_time: str
    custody_holders: int
    others: tuple[Role, ...]
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
        st.html(_heading(frame.say, step=2))
        with frame.home.reading() as tx:
            previous = cycles.previous_minutes(tx, recording.id)
        if previous is not None:
            st.html(_plan(previous.plan, say=frame.say))
        mount(
            "uploader",
            recording=recording.id,
            language=frame.user.language,
            say=frame.say,
            supervisor=frame.name_of(asked[1].supervisor),
        )


def read_day(untrusted: str) -> date:
    """Return a day typed as people here write it: 8.3.2011, 08-03-2011, 2011-03-08.

    Raises:
        ValueError: It is not a day.
    """
    text = untrusted.strip()
    for form in ("%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(form)


def read_birth(untrusted: str, *, before: date) -> date:
    """Return the birth date of someone who took part in a conversation on a day.

    Raises:
        ValueError: It is not a day, or nobody was born then who could have spoken.
    """
    born = read_day(untrusted)
    if not before.replace(year=before.year - _OLDEST, day=1) <= born < before:
        raise ValueError
    return born


def read_time(untrusted: str) -> time:
    """Return a time of day typed as 14.30 or 14:30.

    Raises:
        ValueError: It is not a time of day.
    """
    return time.fromisoformat(untrusted.strip().replace(".", ":").zfill(5))


def roster_from(filled: Filled, *, born: date) -> tuple[Participant, ...]:
    """Return everyone the form names, each with a fresh id."""
    return (
        Participant(PersonId(new_id()), Role.YOUTH, born),
        *(
            Participant(PersonId(new_id()), Role.CUSTODY_HOLDER, present=False)
            for _ in range(filled.custody_holders)
        ),
        *(Participant(PersonId(new_id()), role) for role in filled.others),
        Participant(PersonId(new_id()), Role.CASEWORKER),
    )


def _who_is_in_it(frame: Frame) -> None:
    say = frame.say
    st.html(_heading(say, step=1))
    with frame.home.reading() as tx:
        mine = courses.courses_of(tx, frame.user.id)
        now = local(tx.at, language=frame.user.language)
    if not mine:
        st.info(say("You have no course yet. Your coordinator sets it up."))
        return
    filled = _form(frame, now)
    if filled is not None:
        _add(frame, mine[0], filled)


def _form(frame: Frame, now: datetime) -> Filled | None:
    say = frame.say
    with (
        st.container(key="card-roster", border=True),
        st.form("roster", enter_to_submit=False, border=False),
    ):
        st.subheader(say("Who is in it?"))
        left, right = st.columns(2, gap="large")
        birth = left.text_input(say("The young person's birth date"), placeholder="8.3.2011")
        custody = left.segmented_control(
            say("How many custody holders?"),
            options=list(range(_MOST_CUSTODY_HOLDERS + 1)),
            default=1,
        )
        others = left.multiselect(
            say("Who else is seen or heard?"),
            options=_OTHERS,
            format_func=lambda role: say(ROLE_WORDS[role]),
            placeholder=say("Nobody else"),
        )
        speakers = left.segmented_control(
            say("How many people speak?"), options=[2, 3, 4], default=2
        )
        day = right.text_input(say("Day of the conversation"), value=f"{now:%d.%m.%Y}")
        clock = right.text_input(say("Time"), value=f"{now:%H.%M}")
        language = right.segmented_control(
            say("Spoken language"),
            options=list(LANGUAGE_WORDS),
            default=frame.user.language,
            format_func=lambda code: say(LANGUAGE_WORDS[code]),
        )
        sound = right.segmented_control(
            say("How was the sound recorded?"),
            options=list(SoundLayout),
            default=SoundLayout.ONE_DEVICE,
            format_func=lambda layout: say(SOUND_WORDS[layout]),
        )
        st.markdown(
            say(
                "Everyone must agree before anyone can see the film. You may upload it "
                "before all have answered: it is kept encrypted and locked."
            )
        )
        if not st.form_submit_button(say("Go on to the film"), type="primary"):
            return None
    return Filled(
        untrusted_birth=birth,
        untrusted_day=day,
        untrusted_time=clock,
        custody_holders=custody or 0,
        others=tuple(others),
        speakers=speakers or 2,
        language=language or frame.user.language,
        sound=sound or SoundLayout.ONE_DEVICE,
    )


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
    try:
        with frame.home.transaction() as tx:
            zone = local(tx.at, language=frame.user.language).tzinfo
            recorded_at = datetime.combine(day, clock, tzinfo=zone)
            if recorded_at > tx.at:
                st.error(say("The day of the conversation is in the future. Correct it."))
                return
            added = intake.add_recording(
                tx,
                frame.user,
                NewRecording(
                    course=course.id,
                    recorded_at=recorded_at.astimezone(UTC),
                    roster=roster_from(filled, born=born),
                    jurisdiction=frame.home.settings.jurisdiction,
                    language=filled.language,
                    speakers=filled.speakers,
                    sound=filled.sound,
                ),
            )
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.query_params["recording"] = added.id
    st.rerun()


def _plan(plan: Plan, *, say: Translate) -> str:
    noticing = f"<p>{escape(plan.will_notice)}</p>" if plan.will_notice else ""
    return card(say("Your plan from last time"), bullets(plan.will_try) + noticing)


def _heading(say: Translate, *, step: int) -> str:
    names = (say("Who is in it"), say("The film"), say("Your wish"))
    steps = "".join(
        f'<li class="{"d" if n < step else "c" if n == step else ""}"><i>{n}</i>{escape(name)}</li>'
        for n, name in enumerate(names, start=1)
    )
    consents = (
        link(say("See consent"), "consent", quiet=True, recording=st.query_params["recording"])
        if "recording" in st.query_params
        else ""
    )
    return (
        f'<div class="sam-hd"><div class="hstack"><h1>{escape(say("New recording"))}</h1>'
        f'<ol class="sam-three">{steps}</ol></div>{consents}</div>'
    )
