"""The way to say that a yes does not count. It closes the recording, so it is asked once."""

from collections.abc import Iterable
from datetime import timedelta

import streamlit as st

from consent.model import AFFIRMATIVE, Evidence, Participant, Purpose
from review_app.commands import doubting
from review_app.commands.doubting import Doubt
from review_app.consent_words import DOUBT_WORDS, who_is
from review_app.dates import day
from review_app.errors import ReviewError
from review_app.standing import Standing
from review_app.views.frame import Frame
from review_app.words import PURPOSE_WORDS
from storage.errors import StorageError

_SURE = "sure-doubt"


def draw(frame: Frame, standing: Standing, people: Iterable[Participant]) -> None:
    """Draw, folded away, whose yes does not count and why; nothing where no yes stands."""
    say = frame.say
    stands = {
        answer.id: (person, answer)
        for person in people
        for purpose in Purpose
        if (answer := standing.latest(person.person, purpose)) and answer.event in AFFIRMATIVE
    }
    if not stands:
        return
    words = {
        id_: f"{who_is(person, standing.roster, say=say)}: {say(PURPOSE_WORDS[answer.purpose])}"
        for id_, (person, answer) in stands.items()
    }
    with st.expander(say("An answer does not count")):
        chosen = st.selectbox(
            say("Which answer?"),
            options=list(words),
            format_func=words.__getitem__,
            placeholder=say("Choose"),
            key=f"doubted-{next(iter(words))}",
        )
        because = st.radio(
            say("Why does it not count?"),
            options=list(Doubt),
            index=None,
            format_func=lambda each: say(DOUBT_WORDS[each]),
            key=f"doubt-{chosen}",
        )
        if st.button(say("The answer does not count"), key="invalid", disabled=because is None):
            st.session_state[_SURE] = chosen
        if because is not None and st.session_state.get(_SURE) == chosen:
            _ask_once(frame, standing, stands[chosen][1], because=because)


def _ask_once(frame: Frame, standing: Standing, yes: Evidence, *, because: Doubt) -> None:
    """Ask whether it is meant, naming what follows."""
    say = frame.say
    st.warning(f"**{say('Are you sure?')}** {_what_follows(frame, standing, yes)}")
    act, keep = st.columns(2)
    if keep.button(say("Go back"), key="keep-doubt", width="stretch"):
        del st.session_state[_SURE]
        st.rerun()
    if act.button(say("Yes, it does not count"), key="act-doubt", width="stretch"):
        del st.session_state[_SURE]
        try:
            with frame.home.transaction() as tx:
                doubting.invalidate_answer(
                    tx,
                    frame.user,
                    yes.recording,
                    yes.person,
                    purpose=yes.purpose,
                    because=because,
                )
        except (ReviewError, StorageError) as error:
            frame.banner(error)
            return
        st.rerun()


def _what_follows(frame: Frame, standing: Standing, yes: Evidence) -> str:
    say = frame.say
    if yes.purpose is not Purpose.SUPERVISION:
        return say("From now on the recording is no longer used for this.")
    waits = timedelta(days=standing.question.jurisdiction.unprocessed_days)
    closing = standing.question.today + waits
    last = min(standing.erase_on or closing, closing)
    return say("The recording closes at once. It is erased {day} if no new yes comes.").format(
        day=day(last, language=frame.user.language)
    )
