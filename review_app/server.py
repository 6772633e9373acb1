"""The app as one ASGI process: Streamlit's pages, our routes, and the gate in front of both.

One process only: the joint rooms live in its memory, and their state is kept so that a restart
finds everybody in the same place.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from review_app.gate import Gate
from review_app.place import home, sessions
from review_app.roomwiring import room_ports
from review_app.routes.desk import DeskRoutes
from review_app.routes.login import LoginPage
from review_app.routes.media import MediaRoutes
from review_app.routes.problems import HANDLERS
from review_app.routes.rooms import Rooms
from review_app.routes.uploads import UploadRoutes
from review_app.sessions import Sessions
from storage.home import Home


@asynccontextmanager
async def _lifespan(_app: ASGIApp) -> AsyncIterator[None]:
    # Streamlit collects garbage after every run; what is loaded by now need not be looked at.
    gc.collect()
    gc.freeze()
    yield


def build() -> ASGIApp:
    """Return the app of this process's home."""
    return st.App(
        Path(__file__).parent / "main.py",
        lifespan=_lifespan,
        routes=routes(home(), sessions()),
        middleware=[Middleware(Gate, sessions=sessions())],
        exception_handlers=HANDLERS,
    )


def routes(home: Home, sessions: Sessions) -> list[BaseRoute]:
    """Return our own routes on a home, in front of which the gate belongs."""
    settings = home.settings
    login = LoginPage(sessions, secure=settings.secure_cookies, hours=settings.session_hours)
    return [
        *login.routes(),
        *MediaRoutes(home).routes(),
        *DeskRoutes(home).routes(),
        *UploadRoutes(home).routes(),
        Rooms(room_ports(home, sessions)).route,
    ]
