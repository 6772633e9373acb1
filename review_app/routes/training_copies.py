"""Training copies: which there are, asking for one, and fetching it, each behind its own yes.

A copy goes out as the film does (``routes.exports``): by a form, so that the browser writes it to
the disk, and in pieces that each ask for relationship and consent anew.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from consent.model import RecordingId
from review_app.commands.access import access_to
from review_app.commands.arguments import OneSequence
from review_app.commands.training_copies import (
    ask_for_copy,
    copy_of,
    fetch_copy,
    teaching_permit,
)
from review_app.errors import BadRequest, TeachingNotAgreed, TooLarge
from review_app.routes.media import ASKED_EVERY_BYTES
from storage import training_copies
from storage.home import Home
from storage.records import CopyVoice, TrainingCopy, TrainingCopyId, TrainingReason, User

_LARGEST_ASK: Final = 4 * 1024
_PATH: Final = "/api/recordings/{recording}/training-copies"


class _Asked(BaseModel):
    """What the dialog sends."""

    model_config = ConfigDict(extra="forbid")
    sequence: OneSequence | None = None
    voice: CopyVoice
    reason: TrainingReason


class TrainingCopyRoutes:
    """Lets the two take out masked copies for teaching."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(_PATH, self.copies, methods=["GET"]),
            Route(_PATH, self.ask, methods=["POST"]),
            Route(f"{_PATH}/{{copy}}", self.fetch, methods=["POST"]),
        ]

    async def copies(self, request: Request) -> Response:
        """Answer which kinds may be made, and how far those are that this person asked for."""
        return JSONResponse(await to_thread.run_sync(self._copies, *_asked(request)))

    async def ask(self, request: Request) -> Response:
        """Ask for a copy to be made."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_ASK:
                raise TooLarge
        try:
            wanted = _Asked.model_validate(json.loads(body))
        except (ValidationError, ValueError, RecursionError):
            raise BadRequest from None
        made = await to_thread.run_sync(
            partial(
                ask_for_copy,
                self._home,
                *_asked(request),
                sequence=wanted.sequence,
                voice=wanted.voice,
                reason=wanted.reason,
            )
        )
        return JSONResponse(_shown(made), status_code=201)

    async def fetch(self, request: Request) -> Response:
        """Answer a copy that is made, once, as an attachment with the copy's id for a name."""
        user, recording = _asked(request)
        id_ = TrainingCopyId(request.path_params["copy"])
        copy = await to_thread.run_sync(fetch_copy, self._home, user, recording, id_)
        size = await to_thread.run_sync(self._size, user, copy)
        return StreamingResponse(
            self._pieces(user, copy, size=size),
            media_type="video/mp4",
            headers={
                "Content-Disposition": f'attachment; filename="{copy.id}.mp4"',
                "Content-Length": str(size),
            },
        )

    def _copies(self, user: User, recording: RecordingId) -> dict[str, Any]:
        allowed = []
        with self._home.reading() as tx:
            access = access_to(tx, user, recording)
            for voice in CopyVoice if self._home.settings.downloads else ():
                with suppress(TeachingNotAgreed):
                    teaching_permit(access, voice=voice)
                    allowed.append(voice)
            copies = training_copies.copies_of(tx, recording)
            mine = [_shown(each) for each in copies if each.asked_by == user.id]
        return {
            "voices": allowed,
            "days": self._home.settings.training_copy_days,
            "copies": mine,
        }

    def _size(self, user: User, copy: TrainingCopy) -> int:
        with self._home.reading() as tx:
            permit = teaching_permit(access_to(tx, user, copy.recording), voice=copy.voice)
            with training_copies.open_copy(self._home, permit, copy) as opened:
                return opened.size

    def _pieces(self, user: User, copy: TrainingCopy, *, size: int) -> Iterator[bytes]:
        for start in range(0, size, ASKED_EVERY_BYTES):
            with self._home.reading() as tx:
                access = access_to(tx, user, copy.recording)
                permit = teaching_permit(access, voice=copy.voice)
                still = copy_of(access, copy.id)  # a withdrawal has ended it at once
                with training_copies.open_copy(self._home, permit, still) as opened:
                    piece = opened.pread(start, min(ASKED_EVERY_BYTES, size - start))
            yield piece


def _asked(request: Request) -> tuple[User, RecordingId]:
    return request.state.user, RecordingId(request.path_params["recording"])


def _shown(copy: TrainingCopy) -> dict[str, Any]:
    state = "fetched" if copy.fetched_at else "made" if copy.made_at else "waiting"
    return {
        "id": copy.id,
        "sequence": copy.sequence,
        "start_ms": copy.start_ms,
        "end_ms": copy.end_ms,
        "voice": copy.voice,
        "state": "failed" if copy.error else state,
        "fraction": copy.fraction,
        "ends_at": copy.ends_at.isoformat(),
    }
