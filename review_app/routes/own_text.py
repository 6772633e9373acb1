"""A text of one's own on its way in: looked at first, then kept with who is who.

The file comes twice, so that nothing lies here in between. What it calls people goes back to the
one who sent it and nowhere else; what is kept, and what stands in the address, are roles.
"""

from collections import Counter
from functools import partial
from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.commands.own_text import check_may_hand_in, hand_in
from review_app.errors import BadRequest
from storage.errors import SubtitlesUnreadable
from storage.home import Home
from storage.records import User
from storage.subtitles import LARGEST_FILE, Voice, guess, read_subtitles

_PATH: Final = "/api/recordings/{recording}/own-text"


class OwnTextRoutes:
    """Takes in subtitles in place of recognition."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"{_PATH}/look", self.look, methods=["POST"]),
            Route(_PATH, self.keep, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Answer what a file says about itself: how many lines, whose, and who that may be."""
        user, recording = _asked(request)
        await to_thread.run_sync(check_may_hand_in, self._home, user, recording)
        return JSONResponse(await to_thread.run_sync(_looked_at, await _body(request)))

    async def keep(self, request: Request) -> Response:
        """Take a file as the recording's text, with a role for each of its speakers."""
        user, recording = _asked(request)
        await to_thread.run_sync(check_may_hand_in, self._home, user, recording)
        body = await _body(request)
        named = request.query_params.get("voices", "")
        try:
            voices = [Voice(each) for each in named.split(",") if each]
        except ValueError:
            raise BadRequest from None
        text = await to_thread.run_sync(read_subtitles, body)
        await to_thread.run_sync(
            partial(hand_in, self._home, user, recording, text=text, voices=voices)
        )
        return Response(status_code=204)


def _looked_at(untrusted: bytes) -> dict[str, Any]:
    found = read_subtitles(untrusted)
    lines = Counter(cue.speaker for cue in found.cues)
    return {
        "lines": len(found.cues),
        "until_ms": max(cue.end_ms for cue in found.cues),
        "speakers": [
            {"name": name, "lines": lines[name], "voice": guess(name)} for name in found.speakers
        ],
    }


async def _body(request: Request) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LARGEST_FILE:
            raise SubtitlesUnreadable
    return bytes(received)


def _asked(request: Request) -> tuple[User, RecordingId]:
    return request.state.user, RecordingId(request.path_params["recording"])
