"""What is kept until when, what is held, what was erased. Ids and times only, no content."""

from datetime import date
from html import escape

import streamlit as st

from review_app.dates import day, moment
from review_app.views.frame import Frame
from review_app.views.markup import badge, certificate_link, heading, table
from storage import consent_ledger, erasure, holds, jurisdictions, recordings
from storage.errors import NotFound
from storage.records import Erasure, Recording
from storage.transaction import Transaction

_SOON_DAYS = 14


def draw(frame: Frame) -> None:
    """Draw the recordings that are kept, and the erasures with what proves them."""
    say = frame.say
    with frame.home.reading() as tx:
        erased = erasure.erasures(tx)
        gone = {each.recording for each in erased}
        kept = [each for each in recordings.recordings(tx) if each.id not in gone]
        held = {each.id for each in kept if holds.is_held(tx, each.id)}
        last = {each.id: _last_day(tx, each) for each in kept}
        days_left = {
            each.id: (until - jurisdictions.today(tx, each.jurisdiction)).days
            for each in kept
            if (until := last[each.id])
        }
    with st.container(key="reading"):
        under = say("Ids and times only. Content is closed to administrators.")
        st.html(heading(say("Storage and erasure"), under))
        st.html(f'<h2 class="sam-gh">{escape(say("Kept"))}</h2>')
        rows = "".join(
            _kept(
                each,
                frame,
                until=last[each.id],
                days=days_left.get(each.id),
                held=each.id in held,
            )
            for each in kept
        )
        heads = (say("Recording"), say("Erased on"), say("Time left"), say("Held"))
        st.html(table(heads, rows) if rows else _none(say("Nothing is kept.")))
        st.html(f'<h2 class="sam-gh">{escape(say("Erased"))}</h2>')
        rows = "".join(_erased(each, frame) for each in reversed(erased))
        columns = (
            say("Recording"),
            say("Asked for"),
            say("Key destroyed"),
            say("Completed"),
            say("Old backups unreadable"),
            say("Certificate"),
        )
        st.html(table(columns, rows) if rows else _none(say("Nothing has been erased.")))


def _last_day(tx: Transaction, recording: Recording) -> date | None:
    """Return the day from which a recording erases itself; None where no rules say it."""
    try:
        return consent_ledger.erase_day(tx, recording.id)
    except NotFound:
        return None


def _kept(
    recording: Recording, frame: Frame, *, until: date | None, days: int | None, held: bool
) -> str:
    say = frame.say
    on = day(until, language=frame.user.language) if until else ""
    left = "" if days is None else say("{days} days").format(days=max(0, days))
    soon = days is not None and days <= _SOON_DAYS
    left = badge(left, tone="wait") if soon and left else escape(left)
    hold = badge(say("Must not be erased for now"), tone="stop") if held else ""
    return (
        f'<tr><th scope="row">{escape(recording.id)}</th><td>{escape(on)}</td>'
        f"<td>{left}</td><td>{hold}</td></tr>"
    )


def _erased(erased: Erasure, frame: Frame) -> str:
    say = frame.say
    times = (
        erased.asked_at,
        erased.key_destroyed_at,
        erased.completed_at,
        erased.keys_rotated_at,
    )
    cells = "".join(
        f"<td>{escape(moment(at, language=frame.user.language) if at else '–')}</td>"
        for at in times
    )
    state = (
        certificate_link(say("Print the certificate"), erased.recording)
        if erased.completed_at
        else badge(say("Not yet"), tone="wait")
    )
    return f'<tr><th scope="row">{escape(erased.recording)}</th>{cells}<td>{state}</td></tr>'


def _none(words: str) -> str:
    return f'<p class="muted">{escape(words)}</p>'
