"""The one home, session store and witness of this process, shared by routes and pages."""

from functools import cache

from review_app.sessions import Sessions
from review_app.witness import Witness
from storage.home import Home
from storage.settings import Settings


@cache
def home() -> Home:
    """Return this process's home."""
    return Home.open(Settings())


@cache
def sessions() -> Sessions:
    """Return this process's session store."""
    return Sessions(home())


@cache
def witness() -> Witness:
    """Return what tells this process's audit log who looked."""
    return Witness(home())
