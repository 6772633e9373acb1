"""The page script: who is it, which pages are theirs, which one is open."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from review_app import unforeseen
from review_app.components import mount
from review_app.place import home, sessions, witness
from review_app.sessions import COOKIE
from review_app.translation import Translate, preferred, translator
from review_app.views import (
    administration,
    audit_log,
    cohort,
    concerns,
    consent_status,
    course,
    emergency,
    library,
    new_recording,
    news,
    no_page,
    own_account,
    retention,
    shells,
    site_words,
)
from review_app.views.frame import Frame
from review_app.views.markup import link
from storage.records import User, UserRole

_STYLES = tuple(Path(__file__).parent / name for name in ("streamlit.css", "pages.css"))
_LOGO = Path(__file__).parent / "logo.svg"
View = Callable[[Frame], None]


def current_user() -> User | None:
    """Return who is signed in, asked anew at every run so that a sign-out ends the page."""
    return sessions().user_of(st.context.cookies.get(COOKIE))


def pages_for(
    role: UserRole, say: Translate, *, follows: bool
) -> list[tuple[View, str, str, bool]]:
    """Return (view, address, title, in the menu) of each page of a role; others are not built.

    Whoever follows concerns, in whatever role, has the page of them too.
    """
    conversation: list[tuple[View, str, str, bool]] = [
        (consent_status.draw, "consent", say("Consent"), False),
        (shells.desk, "desk", say("Review desk"), False),
        (shells.room, "room", say("Joint review"), False),
        (shells.minutes, "minutes", say("Minutes and plan"), False),
        (shells.agreement, "agreement", say("Mark on your own and compare"), False),
    ]
    own: dict[UserRole, list[tuple[View, str, str, bool]]] = {
        UserRole.CASEWORKER: [
            (library.draw, "recordings", say("My recordings"), True),
            (new_recording.draw, "new", say("New recording"), True),
            (course.draw, "course", say("My course"), True),
            (shells.prepare, "prepare", say("Prepare"), False),
            *conversation,
        ],
        UserRole.SUPERVISOR: [
            (library.draw, "recordings", say("For review"), True),
            (course.draw, "course", say("Course"), True),
            (site_words.codebook, "codebook", say("Codebook"), True),
            *conversation,
        ],
        UserRole.COORDINATOR: [
            (cohort.draw, "cohort", say("Cohort"), True),
            (site_words.codebook, "codebook", say("Codebook"), True),
            (site_words.vocabulary, "words", say("Words to listen for"), True),
            (emergency.draw, "emergency", say("Emergency access"), True),
        ],
        UserRole.ADMINISTRATOR: [
            (administration.draw, "administration", say("Operations"), True),
            (retention.draw, "retention", say("Storage and erasure"), True),
            (site_words.codebook, "codebook", say("Codebook"), True),
            (site_words.vocabulary, "words", say("Words to listen for"), True),
            (audit_log.draw, "log", say("Log"), True),
            (emergency.draw, "emergency", say("Emergency access"), True),
        ],
        UserRole.RESEARCHER: [(site_words.codebook, "codebook", say("Codebook"), True)],
    }
    followed = [(concerns.draw, "concerns", say("Concerns"), True)] if follows else []
    return [*own[role], *followed, (own_account.draw, "profile", say("Profile and language"), True)]


def asked_for() -> str:
    """Return the page's address in the browser, empty for the first page."""
    return urlsplit(st.context.url or "").path.strip("/")


def main() -> None:
    """Draw the open page of whoever is signed in."""
    user = current_user()
    st.set_page_config(page_title="Samspil", layout="wide", menu_items=None)
    if user is None:
        # The cookie is frozen at the socket's handshake: only a fresh load has another.
        st.html(link(translator(preferred(st.context.locale or ""))("Sign in"), "auth/login"))
        st.stop()
    say = translator(user.language)
    frame = Frame(home(), witness(), user, say)
    for style in _STYLES:
        st.html(style)
    with st.container(key="page-language"):
        mount("page", language=user.language, say=say)
    with frame.home.reading() as tx:
        follows = concerns.follows_any(tx, user)
    pages = pages_for(user.role, say, follows=follows)
    built: list[StreamlitPage] = [
        st.Page(
            partial(view, frame),
            title=title,
            url_path=address if index else "",
            default=index == 0,
            visibility="visible" if shown else "hidden",
        )
        for index, (view, address, title, shown) in enumerate(pages)
    ]
    first, *others = (address for _, address, _, _ in pages)
    asked = asked_for()
    if asked not in {"", *others}:  # Streamlit would say so itself, and in English
        draw = partial(st.switch_page, built[0]) if asked == first else partial(no_page.draw, frame)
        built.append(st.Page(draw, title="Samspil", url_path=asked, visibility="hidden"))
    st.logo(_LOGO, size="large")
    page = st.navigation(built, position="top")
    try:
        if not page.url_path:  # the page they start from
            news.draw(frame)
        page.run()
    except Exception as error:  # noqa: BLE001 - Streamlit would log it in full
        unforeseen.log(error, during=page.url_path or "a page")
        st.error(f"**{say(unforeseen.MESSAGE_WORDS)}** {say(unforeseen.ADVICE_WORDS)}")


main()
