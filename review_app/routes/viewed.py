"""What a page says was played, for the audit log.

The page is believed only about what the server has shown the person: whoever could not be
watching is refused, and nothing beyond the film's end is written.
"""

from functools import partial
from typing import Annotated, Final

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consent.errors import ConsentError
from consent.model import RecordingId
from review_app.commands.access import found_with_course, viewing_of
from review_app.commands.arguments import LONGEST_FILM_MS, Place
from review_app.errors import BadRequest, Denied, TooLarge
from review_app.supervision.spans import Span, within
from review_app.witness import Witness
from storage.errors import NotFound
from storage.home import Home
from storage.records import User

_LARGEST: Final = 16 * 1024
_MOST_SPANS: Final = 200


class Said(BaseModel):
    """What a page sends.

    Attributes:
        spans: Pairs of start and end in ms.
        over: The person has paused or left.
    """

    model_config = ConfigDict(extra="forbid")

    spans: Annotated[list[tuple[Place, Place]], Field(max_length=_MOST_SPANS)]
    over: bool = False


class ViewedRoute:
    """Takes down what was played."""

    def __init__(self, home: Home, *, witness: Witness) -> None:
        self._home = home
        self._witness = witness

    def routes(self) -> list[Route]:
        """Return the route under ``/api/recordings/{id}``."""
        return [Route("/api/recordings/{recording}/viewed", self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """Gather what the page says; write it if the person has paused or left."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST:
                raise TooLarge
        try:
            said = Said.model_validate_json(bytes(body))
        except ValidationError:
            raise BadRequest from None
        user: User = request.state.user
        recording = RecordingId(request.path_params["recording"])
        await to_thread.run_sync(partial(self._take, user, recording, said=said))
        return Response(status_code=204)

    def _take(self, user: User, recording: RecordingId, *, said: Said) -> None:
        with self._home.reading() as tx:
            try:
                viewing_of(tx, user, recording)
            except (Denied, ConsentError, NotFound):
                # What ran until someone withdrew was seen all the same.
                if not self._witness.was_shown(user.id, recording):
                    raise
            length = found_with_course(tx, recording)[0].duration_ms
        spans = within(
            (Span(start, end) for start, end in said.spans), end_ms=length or LONGEST_FILM_MS
        )
        self._witness.played(user.id, recording, spans)
        if said.over:
            self._witness.write(user.id, recording)
