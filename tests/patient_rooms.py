"""Joint rooms that let nobody go because the machine stood still for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def patient_rooms() -> Iterator[None]:
    """Let rooms wait long for an answer; that they do not wait for ever is another test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("review_app.routes.rooms.ANSWER_S", 30.0)
        yield
