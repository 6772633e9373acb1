"""The last entries of the audit log, and whether it is whole. Ids and times only."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from review_app.audit_details import short, told
from review_app.audit_words import ACTION_WORDS, ACTOR_WORDS, SUBJECT_WORDS
from review_app.dates import short_moment
from review_app.views.frame import Frame
from review_app.views.markup import heading, table
from storage import audit, site_codebooks
from storage.errors import BrokenChain
from storage.jurisdictions import jurisdiction
from storage.records import AuditEntry
from storage.transaction import Transaction

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
            terms = _terms(tx, frame)
        if not found:
            st.html(f'<p class="muted">{escape(say("There is nothing here."))}</p>')
            return
        heads = (say("Entry"), say("When"), say("Who"), say("What"), say("On"), say("More"))
        st.html(table(heads, "".join(_row(each, terms, frame) for each in found)))


def _verify(frame: Frame) -> None:
    try:
        with frame.home.reading() as tx:
            links = audit.verify(tx)
    except BrokenChain as error:
        frame.banner(error)
        st.error(frame.say("The first entry that is wrong: {number}").format(number=error.seq))
    else:
        st.success(frame.say("The log is whole: {count} entries").format(count=links))


def _terms(tx: Transaction, frame: Frame) -> dict[str, str]:
    """Return what the site calls its keywords, and its law the grounds to keep something."""
    language = frame.user.language
    grounds = jurisdiction(tx, frame.home.settings.jurisdiction).hold_texts
    keywords = [tag for book in site_codebooks.codebooks(tx) for tag in book.tags]
    return {tag.code: tag.text(language).label for tag in keywords} | {
        code: texts.get(language, code) for code, texts in grounds.items()
    }


def _row(entry: AuditEntry, terms: Mapping[str, str], frame: Frame) -> str:
    """Return an entry in words; beneath the pointer its ids whole, as they stand in the log."""
    say = frame.say
    ids = ", ".join(f"{name} {value}" for name, value in entry.detail.items())
    cells = (
        (short_moment(entry.at, language=frame.user.language), ""),
        (say(ACTOR_WORDS.get(entry.actor, short(entry.actor))), entry.actor),
        (say(ACTION_WORDS.get(entry.action, entry.action)), ""),
        (say(SUBJECT_WORDS.get(entry.subject, entry.subject)), ""),
        (" · ".join(told(entry.detail, terms=terms, say=say)), ids),
    )
    drawn = "".join(
        f'<td title="{escape(whole)}">{escape(cell)}</td>' if whole else f"<td>{escape(cell)}</td>"
        for cell, whole in cells
    )
    return f'<tr><th scope="row">{entry.seq}</th>{drawn}</tr>'
