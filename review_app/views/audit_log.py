"""The last entries of the audit log, and whether it is whole. Ids and times only."""

from html import escape

import streamlit as st

from review_app.audit_words import ACTION_WORDS
from review_app.dates import short_moment
from review_app.views.frame import Frame
from review_app.views.markup import heading, table
from storage import audit
from storage.errors import BrokenChain
from storage.records import AuditEntry

_SHOWN = 200
_LONGEST_ID = 64


def draw(frame: Frame) -> None:
    """Draw the log, by subject if one is named, and check it when asked to."""
    say = frame.say
    with st.container(key="reading"):
        under = say("Who did what, on which id, when. Never names or spoken words.")
        st.html(heading(say("Log"), under))
        if st.button(say("Check that it is whole")):
            _verify(frame)
        subject = st.text_input(say("Only what was done to this id"), max_chars=_LONGEST_ID).strip()
        with frame.home.reading() as tx:
            found = audit.recent(tx, subject=subject, limit=_SHOWN)
        if not found:
            st.html(f'<p class="muted">{escape(say("There is nothing here."))}</p>')
            return
        heads = (say("Entry"), say("When"), say("Who"), say("What"), say("On"), say("More"))
        st.html(table(heads, "".join(_row(each, frame) for each in found)))


def _verify(frame: Frame) -> None:
    try:
        with frame.home.reading() as tx:
            links = audit.verify(tx)
    except BrokenChain as error:
        frame.banner(error)
        st.error(frame.say("The first entry that is wrong: {number}").format(number=error.seq))
    else:
        st.success(frame.say("The log is whole: {count} entries").format(count=links))


def _row(entry: AuditEntry, frame: Frame) -> str:
    more = ", ".join(f"{name} {value}" for name, value in entry.detail.items())
    at = short_moment(entry.at, language=frame.user.language)
    act = frame.say(ACTION_WORDS.get(entry.action, entry.action))
    cells = (at, entry.actor, act, entry.subject, more)
    drawn = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{entry.seq}</th>{drawn}</tr>'
