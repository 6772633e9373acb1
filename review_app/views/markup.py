"""Small pieces of HTML that several pages share. Everything that is not ours is escaped here."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode


def sign(name: str) -> str:
    """Return a small line drawing, by a class of pages.css; hidden from screen readers.

    It is drawn by the style sheet, for Streamlit strips SVG from the HTML it is given.
    """
    return f'<span class="sam-i {name}" aria-hidden="true"></span>'


def link(text: str, page: str, *, primary: bool = False, quiet: bool = False, **query: str) -> str:
    """Return a link to one of our pages that looks like a button."""
    kind = " p" if primary else " q" if quiet else ""
    address = f"/{page}?{urlencode(query)}" if query else f"/{page}"
    return f'<a class="sam-btn{kind}" target="_self" href="{escape(address)}">{escape(text)}</a>'


def page_link(text: str, page: str, *, label: str = "", **query: str) -> str:
    """Return a link to one of our pages that looks like a link, named by more than its text."""
    address = f"/{page}?{urlencode(query)}" if query else f"/{page}"
    named = f' aria-label="{escape(label)}"' if label else ""
    return f'<a class="s" target="_self" href="{escape(address)}"{named}>{escape(text)}</a>'


def certificate_link(text: str, recording: str) -> str:
    """Return a link to the paper that proves an erasure."""
    address = f"/api/certificates/{recording}.pdf"
    return f'<a class="s" target="_blank" href="{escape(address)}">{escape(text)}</a>'


def calendar_link(text: str, recording: str, *, button: bool = False) -> str:
    """Return a link to the file that tells a calendar the hour of a joint review."""
    address = f"/api/recordings/{recording}/meeting.ics"
    kind = "sam-btn" if button else "s"
    return f'<a class="{kind}" download href="{escape(address)}">{escape(text)}</a>'


def crumbs(text: str, *, here: str) -> str:
    """Return the way back to the first page, above a heading."""
    return f'<p class="s">{page_link(text, "")} <span class="muted">/ {escape(here)}</span></p>'


def badge(text: str, *, tone: str = "", sign_name: str = "") -> str:
    """Return a short state in words, coloured by tone (ok, wait, stop, mine or none)."""
    drawn = sign(sign_name) if sign_name else ""
    return f'<span class="sam-tag {escape(tone)}">{drawn}{escape(text)}</span>'


def heading(title: str, under: str = "", *, beside: str = "", sign_name: str = "") -> str:
    """Return a page's heading, a line under it, and HTML at its right."""
    drawn = f"{sign(sign_name)} " if sign_name else ""
    line = f'<p class="muted">{drawn}{escape(under)}</p>' if under else ""
    return f'<div class="sam-hd"><div><h1>{escape(title)}</h1>{line}</div>{beside}</div>'


def table(heads: Iterable[str], rows: str) -> str:
    """Return a table; the rows are HTML already."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return f'<table class="sam-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def card(title: str, body: str, *, sign_name: str = "") -> str:
    """Return a titled card; the body is HTML already."""
    drawn = sign(sign_name) if sign_name else ""
    return f'<section class="sam-card"><h2>{drawn}{escape(title)}</h2>{body}</section>'


def steps_bar(done: int, total: int, *, label: str, waiting: bool = False) -> str:
    """Return dots for the steps of a cycle with the present step's name under them."""
    present = "w" if waiting else "n"
    classes = (("d" if n < done else present if n == done else "") for n in range(total))
    dots = "".join(f'<i class="{css}"></i>' for css in classes)
    words = f'<span class="xs">{escape(label)}</span>'
    return f'<div class="sam-steps" aria-hidden="true">{dots}</div>{words}'


def numbered_step(place: int, words: str, *, present: int) -> str:
    """Return one of a few steps, counted from 0: done, the present one or still to come."""
    css = "d" if place < present else "c" if place == present else ""
    mark = sign("check") if place < present else str(place + 1)
    return f'<li class="{css}"><i>{mark}</i>{escape(words)}</li>'


def bullets(items: Iterable[str]) -> str:
    """Return a list of texts."""
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
