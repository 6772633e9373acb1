"""The files that a film arrives in: which there are, in what order, and which are here."""

from typing import Annotated

from anyio import to_thread
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.commands.film_parts import arrange_parts
from review_app.errors import BadRequest, TooLarge
from storage.home import Home
from storage.media import discard_what_was_taken_back
from storage.records import FilmPart, PartId, PartKind, User

_LARGEST = 16 * 1024


class _Announced(BaseModel):
    id: Annotated[str, Field(max_length=64)]
    kind: PartKind


_LIST = TypeAdapter(list[_Announced])


class FilmPartRoutes:
    """Lets the caseworker say which files the film consists of."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/api/recordings/{recording}/parts", self.arrange, methods=["PUT"])]

    async def arrange(self, request: Request) -> Response:
        """Announce the files in their order; what is left out is deleted at once."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST:
                raise TooLarge
        try:
            wanted = _LIST.validate_json(body)
        except ValidationError:
            raise BadRequest from None
        recording = RecordingId(request.path_params["recording"])
        announced = [FilmPart(PartId(part.id), recording, part.kind) for part in wanted]
        return await to_thread.run_sync(self._arrange, request.state.user, recording, announced)

    def _arrange(self, user: User, recording: RecordingId, announced: list[FilmPart]) -> Response:
        with self._home.transaction() as tx:
            arrange_parts(tx, user, recording, announced)
        discard_what_was_taken_back(self._home)
        return JSONResponse({"ok": True})
