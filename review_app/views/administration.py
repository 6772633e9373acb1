"""The administrator's page: accounts, workers and what waits. Ids and times only, no content."""

from html import escape

import streamlit as st

from review_app.dates import moment
from review_app.views.frame import Frame
from review_app.views.markup import heading, table
from review_app.words import LANGUAGE_WORDS, USER_ROLE_WORDS
from storage import accounts, audit, requests, workers
from storage.errors import BrokenChain

_ALIVE_S = 10.0
_MOST_WAITING = 10_000


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


def _fact(name: str, value: str) -> str:
    return f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
