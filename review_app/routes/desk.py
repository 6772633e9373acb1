"""The review desk's data and intents as JSON, for the components of the page."""

import json
from functools import partial
from typing import Any, Final

from anyio import to_thread
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.codingdata import codings_shown
from review_app.commands import carry_out, carry_out_as_guest
from review_app.commands.access import access_to, comes_as_guest, guest_of, relation_to
from review_app.commands.reflection import draft_of
from review_app.concerndata import concerns_shown
from review_app.deskdata import desk_of, status_of
from review_app.errors import BadRequest, TooLarge
from review_app.hints import hints_of
from review_app.measuredata import measures_shown
from review_app.roomdata import group_of, guest_room_of, room_of
from review_app.translation import translator
from storage.home import Home
from storage.plain import check_plain
from storage.records import User

_LARGEST_INTENT: Final = 256 * 1024
_JSON: Final = TypeAdapter(Any)
_TYPE: Final = "application/json"


class DeskRoutes:
    """Serves the desk document, the status of processing, concerns, drafts and intents."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes under ``/api/recordings/{id}``."""
        base = "/api/recordings/{recording}"
        return [
            Route(f"{base}/desk", self.desk, methods=["GET"]),
            Route(f"{base}/room", self.room, methods=["GET"]),
            Route(f"{base}/group", self.group, methods=["GET"]),
            Route(f"{base}/measures", self.measures, methods=["GET"]),
            Route(f"{base}/codings", self.codings, methods=["GET"]),
            Route(f"{base}/status", self.status, methods=["GET"]),
            Route(f"{base}/concerns", self.concerns, methods=["GET"]),
            Route(f"{base}/draft", self.draft, methods=["GET"]),
            Route(f"{base}/intents", self.intent, methods=["POST"]),
        ]

    async def desk(self, request: Request) -> Response:
        """Answer everything the desk shows to this person."""
        return await self._answer(request, self._desk)

    async def room(self, request: Request) -> Response:
        """Answer everything the joint room shows to this person, who may be a guest."""
        return await self._answer(request, self._room)

    async def group(self, request: Request) -> Response:
        """Answer who is invited to the meeting and who could be."""
        return await self._answer(request, self._group)

    async def measures(self, request: Request) -> Response:
        """Answer the figures of the conversation."""
        return await self._answer(request, self._measures)

    async def codings(self, request: Request) -> Response:
        """Answer the stretches that two mark on their own, as far as this person may see them."""
        return await self._answer(request, self._codings)

    async def status(self, request: Request) -> Response:
        """Answer where the recording stands; works while it is locked."""
        return await self._answer(request, self._status)

    async def concerns(self, request: Request) -> Response:
        """Answer the steps taken about concerns; works while the recording is locked."""
        return await self._answer(request, self._concerns)

    async def draft(self, request: Request) -> Response:
        """Answer the person's own unsaved text of a field."""
        field = request.query_params.get("field", "")
        return await self._answer(request, partial(self._draft, field=field))

    async def intent(self, request: Request) -> Response:
        """Carry out what the page asks for."""
        untrusted = await intent_in(request)
        return await self._answer(request, partial(self._intent, untrusted=untrusted))

    async def _answer(self, request: Request, work: Any) -> Response:  # noqa: ANN401 - any of the below
        user: User = request.state.user
        recording = RecordingId(request.path_params["recording"])
        return await to_thread.run_sync(
            lambda: Response(_JSON.dump_json(work(user, recording)), media_type=_TYPE)
        )

    def _desk(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.transaction() as tx:
            access_to(tx, user, recording).note_in_audit("desk_opened")
        with self._home.reading() as tx:  # nobody waits for a long document
            access = access_to(tx, user, recording)
            return desk_of(self._home, access, say=translator(user.language))

    def _room(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.transaction() as tx:
            if comes_as_guest(tx, user, recording):
                guest = guest_of(tx, user, recording)
                guest.note_in_audit("room_opened")
                return guest_room_of(guest)
            access_to(tx, user, recording).note_in_audit("room_opened")
        with self._home.reading() as tx:  # nobody waits for a long document
            return room_of(
                self._home, access_to(tx, user, recording), say=translator(user.language)
            )

    def _group(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.reading() as tx:
            return group_of(access_to(tx, user, recording), say=translator(user.language))

    def _measures(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.transaction() as tx:
            access = access_to(tx, user, recording)
            access.note_in_audit("figures_opened")
            return measures_shown(self._home, access, say=translator(user.language))

    def _codings(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.transaction() as tx:
            access_to(tx, user, recording).note_in_audit("codings_opened")
        with self._home.reading() as tx:
            return codings_shown(self._home, access_to(tx, user, recording))

    def _status(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.reading() as tx:
            near = relation_to(tx, user, recording)
            hints = hints_of(self._home, tx, recording, say=translator(user.language))
            return status_of(tx, near.recording, side=near.side) | {"hints": hints}

    def _concerns(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.reading() as tx:
            come = guest_of if comes_as_guest(tx, user, recording) else relation_to
            return concerns_shown(come(tx, user, recording), say=translator(user.language))

    def _draft(self, user: User, recording: RecordingId, *, field: str) -> dict[str, str]:
        check_plain({"field": field})
        with self._home.reading() as tx:
            return {"text": draft_of(relation_to(tx, user, recording), field=field)}

    def _intent(
        self, user: User, recording: RecordingId, *, untrusted: dict[str, Any]
    ) -> dict[str, Any]:
        with self._home.transaction() as tx:
            do = carry_out_as_guest if comes_as_guest(tx, user, recording) else carry_out
            result = do(
                tx,
                user,
                recording,
                intent=untrusted["intent"],
                untrusted_arguments={k: v for k, v in untrusted.items() if k != "intent"},
            )
            return {"ok": True, "result": result}


async def intent_in(request: Request) -> dict[str, Any]:
    """Return what a page asks for, with its name under ``intent``.

    Raises:
        TooLarge: It is longer than anything a person writes.
        BadRequest: It is no intent.
    """
    untrusted = await read_json(request)
    if not isinstance(untrusted.get("intent"), str):
        raise BadRequest
    return untrusted


async def read_json(request: Request) -> dict[str, Any]:
    """Return the fields of what a page sends.

    Raises:
        TooLarge: It is longer than anything a person writes.
        BadRequest: It has no fields.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_INTENT:
            raise TooLarge
    try:
        untrusted = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(untrusted, dict):
        raise BadRequest
    return untrusted
