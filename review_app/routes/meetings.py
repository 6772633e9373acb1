"""The hour of a joint review as a file for the calendars of the two."""

from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.calendar_file import meeting_file
from review_app.commands.access import access_to
from review_app.translation import translator
from storage import cycles, jurisdictions
from storage.errors import NotFound
from storage.home import Home
from storage.records import User

_HEADERS: Final = {"Content-Disposition": 'attachment; filename="samspil.ics"'}


class MeetingRoute:
    """Serves the calendar file to the two, while everyone in the recording agrees."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the route under ``/api/recordings/{id}``."""
        return [Route("/api/recordings/{recording}/meeting.ics", self.meeting, methods=["GET"])]

    async def meeting(self, request: Request) -> Response:
        """Answer the hour that is agreed on, or that it was called off."""
        user, recording = request.state.user, RecordingId(request.path_params["recording"])
        file = await to_thread.run_sync(self._file, user, recording)
        return Response(file, media_type="text/calendar", headers=_HEADERS)

    def _file(self, user: User, recording: RecordingId) -> bytes:
        with self._home.reading() as tx:
            access = access_to(tx, user, recording)
            rules = jurisdictions.jurisdiction(tx, access.recording.jurisdiction)
            file = meeting_file(
                cycles.cycle_of(tx, access.id),
                recording=access.id,
                room=f"{self._home.settings.address()}/room?recording={access.id}",
                zone=rules.time_zone,
                at=tx.at,
                say=translator(user.language),
            )
        if file is None:
            raise NotFound(f"no hour was agreed on for recording {recording}")
        return file
