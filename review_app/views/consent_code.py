"""A person's own way to answer: a private code to scan or to read, and papers to take along."""

from html import escape

import segno
import streamlit as st

from consent.model import Participant
from review_app.commands import intake
from review_app.errors import ReviewError
from review_app.standing import Standing
from review_app.views.frame import Frame
from storage.errors import StorageError


def draw(frame: Frame, standing: Standing, person: Participant) -> None:
    """Draw the ways by which a person answers themself."""
    say = frame.say
    show = st.button(
        say("Show a code to scan"),
        key=f"code-{person.person}",
        type="primary",
        width="stretch",
        icon=":material/qr_code_2:",
    )
    # A code that is lost must not open anything once another has been made.
    again = st.button(
        say("New code, stop the earlier ones"), key=f"recode-{person.person}", width="stretch"
    )
    if show or again:
        _issue(frame, standing, person, stop_earlier=again)
    st.html(_papers(frame, standing, person))


def _papers(frame: Frame, standing: Standing, person: Participant) -> str:
    """Return the ways to paper: what they read before, and what they keep after."""
    say = frame.say
    base = f"/api/recordings/{standing.recording.id}/people/{person.person}"
    papers = [
        (say("Print the notice"), f"{base}/notice.pdf"),
        (say("In large print"), f"{base}/notice.pdf?large=1"),
    ]
    links = " · ".join(
        f'<a class="s" target="_blank" href="{escape(address)}">{escape(text)}</a>'
        for text, address in papers
    )
    if not any(answer.person == person.person for answer in standing.evidence):
        return f"<p>{links}</p>"
    # A receipt bears a new code, so printing one changes something: a form, not a link.
    receipt = (
        f'<form method="post" target="_blank" action="{escape(base)}/receipt.pdf">'
        f'<button class="sam-btn" type="submit">'
        f"{escape(say('Print the receipt with a new code'))}</button></form>"
    )
    return f"<p>{links}</p>{receipt}"


def _issue(frame: Frame, standing: Standing, person: Participant, *, stop_earlier: bool) -> None:
    say = frame.say
    try:
        with frame.home.transaction() as tx:
            code = intake.issue_code(
                tx,
                frame.user,
                standing.recording.id,
                person.person,
                stop_earlier=stop_earlier,
            )
    except (ReviewError, StorageError) as error:
        frame.banner(error)
        return
    site = frame.home.settings.address()
    picture = segno.make(f"{site}/s/{code}", error="m").svg_data_uri(scale=6, border=4)
    drawing = escape(say("Code to scan"))
    spoken = say("Or open {address} and write the code.").format(address=f"{site}/s/")
    once = say("The code is shown this once. Nobody can find it again, not even you.")
    st.html(
        f'<div class="sam-code"><img src="{escape(picture)}" alt="{drawing}">'
        f"<p><code>{escape(code)}</code></p>"
        f"<p>{escape(spoken)}</p>"
        f'<p class="s muted">{escape(once)}</p></div>'
    )
