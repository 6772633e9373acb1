"""The administrator's page: accounts, workers and what waits. Ids and times only, no content."""

from html import escape

import streamlit as st

from review_app.commands import learning
from review_app.dates import moment
from review_app.errors import ReviewError
from review_app.views.frame import Frame
from review_app.views.markup import heading, table
from review_app.words import LANGUAGE_WORDS, USER_ROLE_WORDS
from storage import accounts, audit, lessons, requests, workers
from storage.errors import BrokenChain, StorageError

_ALIVE_S = 10.0
_MOST_WAITING = 10_000
_LEARNED_WORDS = (
    "It ranks new suggestions by them. No words are kept, and nothing outlives its recording."
    " The suggestions' own verdicts stay when it forgets."
)


def draw(frame: Frame) -> None:
    """Draw whether the house is in order."""
    say = frame.say
    with frame.home.reading() as tx:
        people = accounts.users(tx)
        alive = workers.live_workers(tx, within_s=_ALIVE_S)
        waiting = requests.waiting(tx, limit=_MOST_WAITING)
        now = tx.at
        try:
            links = audit.verify(tx)
        except BrokenChain as error:
            frame.banner(error)
            links = error.seq - 1
    with st.container(key="reading"):
        under = say("Ids and times only. Content is closed to administrators.")
        st.html(heading(say("Operations"), under))
        st.html(
            '<section class="sam-card"><dl class="sam-facts">'
            + _fact(say("Workers running"), str(len(alive)))
            + _fact(say("Waiting to be processed"), str(len(waiting)))
            + _fact(say("Audit log unbroken, entries"), str(links))
            + _fact(say("As of"), moment(now, language=frame.user.language))
            + "</dl></section>"
        )
        rows = "".join(
            f'<tr><th scope="row">{escape(p.name)}</th><td>{escape(p.login)}</td>'
            f"<td>{escape(say(USER_ROLE_WORDS[p.role]))}</td><td>{escape(say(LANGUAGE_WORDS[p.language]))}</td></tr>"
            for p in people
        )
        heads = (say("Name"), say("Login"), say("Role"), say("Language"))
        st.html(table(heads, rows))
        _learned(frame)


def _learned(frame: Frame) -> None:
    """Draw how much verdicts have taught the machine, and the way to let it forget."""
    say = frame.say
    with frame.home.reading() as tx:
        verdicts, recordings = lessons.lesson_counts(tx)
    st.html(f'<h2 class="sam-gh">{escape(say("What the machine has learned here"))}</h2>')
    told = say("Suggestions that people have judged: {count}, in {recordings} conversations.")
    st.html(f"<p>{escape(told.format(count=verdicts, recordings=recordings))}</p>")
    st.html(f'<p class="muted">{escape(say(_LEARNED_WORDS))}</p>')
    sure = st.checkbox(say("Yes, forget it. This cannot be undone."), disabled=not verdicts)
    if not st.button(say("Forget what was learned"), key="forget", disabled=not sure):
        return
    try:
        with frame.home.transaction() as tx:
            learning.forget_what_was_learned(tx, frame.user)
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    st.rerun()


def _fact(name: str, value: str) -> str:
    return f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
