"""The app as one ASGI process: Streamlit's pages, our routes, and the gate in front of both.

One process only: the joint rooms live in its memory, and their state is kept so that a restart
finds everybody in the same place.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from review_app.gate import Gate
from review_app.place import home, sessions, witness
from review_app.roomwiring import room_ports
from review_app.routes.certificates import CertificateRoute
from review_app.routes.codebooks import CodebookRoutes
from review_app.routes.component_files import ComponentFiles, LedOn
from review_app.routes.consent_page import ConsentPage
from review_app.routes.desk import DeskRoutes
from review_app.routes.exports import ExportRoute
from review_app.routes.film_parts import FilmPartRoutes
from review_app.routes.goals import GoalRoutes
from review_app.routes.login import LoginPage
from review_app.routes.media import MediaRoutes
from review_app.routes.meetings import MeetingRoute
from review_app.routes.nowhere import OnePart
from review_app.routes.own_text import OwnTextRoutes
from review_app.routes.papers import PaperRoutes
from review_app.routes.problems import HANDLERS
from review_app.routes.rooms import Rooms
from review_app.routes.scans import ScanRoutes
from review_app.routes.text import TextRoutes
from review_app.routes.training_copies import TrainingCopyRoutes
from review_app.routes.trials import TrialRoute
from review_app.routes.uploads import UploadRoutes
from review_app.routes.viewed import ViewedRoute
from review_app.sessions import Sessions
from review_app.witness import Witness
from storage.home import Home

_LOOK_S: Final = 5.0
_NEW_OBJECTS: Final = 50_000
"""How many there are before Python looks for garbage among them."""


@asynccontextmanager
async def _lifespan(_app: ASGIApp) -> AsyncIterator[None]:
    # What is loaded by now is no garbage. With so little left to look at, Python would look through
    # all of it every few hundred objects, and a long text read for the desk is made of 30,000.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    writing = asyncio.create_task(_write_who_looked())
    try:
        yield
    finally:
        writing.cancel()
        await to_thread.run_sync(witness().write_all)


async def _write_who_looked() -> None:
    while True:
        await asyncio.sleep(_LOOK_S)
        await to_thread.run_sync(witness().write_due)


def build() -> ASGIApp:
    """Return the app of this process's home."""
    return st.App(
        Path(__file__).parent / "main.py",
        lifespan=_lifespan,
        routes=routes(home(), sessions(), witness()),
        middleware=[
            Middleware(
                Gate, sessions=sessions(), witness=witness(), meeting=home().settings.meeting
            ),
            Middleware(LedOn, files=ComponentFiles()),
            Middleware(OnePart),
        ],
        exception_handlers=HANDLERS,
    )


def routes(home: Home, sessions: Sessions, witness: Witness) -> list[BaseRoute]:
    """Return our own routes on a home, in front of which the gate belongs."""
    settings = home.settings
    rooms = Rooms(room_ports(home, sessions, witness))
    login = LoginPage(sessions, secure=settings.secure_cookies, hours=settings.session_hours)
    return [
        *login.routes(),
        *ConsentPage(home).routes(),
        *MediaRoutes(home, sessions, witness=witness, is_at_meeting=rooms.is_at_meeting).routes(),
        *ViewedRoute(home, witness=witness).routes(),
        *ExportRoute(home).routes(),
        *DeskRoutes(home).routes(),
        *MeetingRoute(home).routes(),
        *GoalRoutes(home).routes(),
        *TextRoutes(home).routes(),
        *PaperRoutes(home).routes(),
        *CertificateRoute(home).routes(),
        *UploadRoutes(home).routes(),
        *FilmPartRoutes(home).routes(),
        *ScanRoutes(home).routes(),
        *TrialRoute(home).routes(),
        *OwnTextRoutes(home).routes(),
        *TrainingCopyRoutes(home).routes(),
        *CodebookRoutes(home).routes(),
        *ComponentFiles().routes(),
        rooms.route,
    ]
