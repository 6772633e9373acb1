"""The text as JSON: how it reads, its versions, what a new one has elsewhere, and corrections."""

from dataclasses import asdict
from functools import partial
from typing import Any, Final

from anyio import to_thread
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.commands import correct
from review_app.commands.access import access_to
from review_app.commands.correcting import Corrected, Desk
from review_app.deskdata import turn_as_shown
from review_app.errors import BadRequest
from review_app.routes.desk import intent_in
from storage import corrections, transcripts
from storage.corrected_text import counted
from storage.errors import Conflict
from storage.home import Home
from storage.media import transcript_of
from storage.records import User

_JSON: Final = TypeAdapter(Any)
_MOST_DIGITS: Final = 6


class TextRoutes:
    """Serves the text to the two who may correct it, and takes their corrections."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes under ``/api/recordings/{id}``."""
        base = "/api/recordings/{recording}/text"
        return [
            Route(base, self.text, methods=["GET"]),
            Route(base, self.correction, methods=["POST"]),
            Route(f"{base}/differences", self.differences, methods=["GET"]),
        ]

    async def text(self, request: Request) -> Response:
        """Answer the turns of the version shown, or of the one asked for, and which there are."""
        wanted = request.query_params.get("version", "")
        if wanted and not (wanted.isdecimal() and len(wanted) <= _MOST_DIGITS):
            raise BadRequest
        return await _answer(request, partial(self._text, version=int(wanted) if wanted else None))

    async def differences(self, request: Request) -> Response:
        """Answer where a new version differs from what people have typed."""
        return await _answer(request, self._differences)

    async def correction(self, request: Request) -> Response:
        """Correct the text as the page asks for."""
        untrusted = await intent_in(request)
        return await _answer(request, partial(self._correct, untrusted=untrusted))

    def _text(self, user: User, recording: RecordingId, *, version: int | None) -> dict[str, Any]:
        with self._home.transaction() as tx:
            access_to(tx, user, recording).note_in_audit("text_opened", version=version or 0)
        with self._home.reading() as tx:
            access = access_to(tx, user, recording)
            text = transcript_of(self._home, tx, access.permit, version=version)
            made = counted(corrections.corrections_of(tx, access.permit))
            return {
                "version": text.version,
                "revision": text.revision,
                "turns": [turn_as_shown(turn) for turn in text.turns],
                "versions": [
                    {
                        "version": each.version,
                        "engine": each.engine,
                        "made_at": each.made_at,
                        "corrections": sum(one.version == each.version for one in made),
                    }
                    for each in transcripts.versions_of(tx, access.permit)
                ],
            }

    def _differences(self, user: User, recording: RecordingId) -> dict[str, Any]:
        with self._home.transaction() as tx:
            access = access_to(tx, user, recording)
            access.note_in_audit("text_compared")
            desk = Desk(self._home, access)
            made = desk.corrections()
            offered = desk.offered(made)
            _, mine = desk.text(made)
            found = desk.compared(mine, made) if offered else ()
            return {
                "version": offered,
                "revision": made[-1].revision if made else 0,
                "kept": sum(not each.open for each in found),
                "differences": [{"name": each.name, **asdict(each)} for each in found if each.open],
            }

    def _correct(
        self, user: User, recording: RecordingId, *, untrusted: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            with self._home.transaction() as tx:
                result = correct(
                    self._home,
                    tx,
                    user,
                    recording,
                    intent=untrusted["intent"],
                    untrusted_arguments={k: v for k, v in untrusted.items() if k != "intent"},
                )
        except Conflict as met:
            if isinstance(met.stored, Corrected):
                met.stored = _as_shown(met.stored)
            raise
        return {"ok": True, "result": _as_shown(result)}


def _as_shown(told: Corrected) -> dict[str, Any]:
    return {
        "correction": told.correction,
        "revision": told.revision,
        "version": told.version,
        "by": told.by,
        "start": told.redrawn.start,
        "removed": told.redrawn.removed,
        "turns": [turn_as_shown(turn) for turn in told.redrawn.turns],
    }


async def _answer(request: Request, work: Any) -> Response:  # noqa: ANN401 - any of the above
    user: User = request.state.user
    recording = RecordingId(request.path_params["recording"])
    return await to_thread.run_sync(
        lambda: JSONResponse(_JSON.dump_python(work(user, recording), mode="json"))
    )
