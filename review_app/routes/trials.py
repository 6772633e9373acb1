"""A minute recorded before the conversation, and what would help, in the same answer.

The clip is held back under a key that only this process knows until all of it is here; then a
worker gets it, as storage.trials tells. Whatever happens afterwards, it is erased before the
answer goes out. No file's name and no type that a browser tells is read.
"""

from typing import Final

from anyio import CancelScope, sleep, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.errors import BadRequest, TrialRunning, TrialTooLarge, TrialUnchecked
from review_app.hints import trial_words
from review_app.permissions import check_may_try
from review_app.routes.tus import whole_number
from review_app.translation import translator
from storage import trials
from storage.home import Home
from storage.records import UserId
from storage.trials import Findings
from storage.vault.heldback import HeldBack

_THREAD_BYTES: Final = 1024 * 1024
_LOOK_S: Final = 0.25


class TrialRoute:
    """Takes a test recording in, and answers when a worker has listened to it."""

    def __init__(self, home: Home, *, patience_s: float = 60.0) -> None:
        self._home = home
        self._looks = round(patience_s / _LOOK_S)
        self._busy: set[UserId] = set()

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/api/trials", self.check, methods=["POST"])]

    async def check(self, request: Request) -> Response:
        """Answer what spoils sound and picture of a clip of at most two minutes and 200 MB."""
        user = request.state.user
        check_may_try(user)
        length = whole_number(request.headers.get("content-length"))
        if not length:
            raise BadRequest
        if length > trials.MOST_BYTES:
            raise TrialTooLarge
        if user.id in self._busy:
            raise TrialRunning
        self._busy.add(user.id)
        try:
            with self._home.vault.hold_back() as held:
                await _take_in(request, held)
                trial = await to_thread.run_sync(trials.hand_in, self._home, held.pieces())
            try:
                findings = await self._answer_to(request, trial)
            finally:
                with CancelScope(shield=True):
                    await to_thread.run_sync(trials.erase, self._home, trial)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        finally:
            self._busy.discard(user.id)
        return JSONResponse(trial_words(findings, say=translator(user.language)))

    async def _answer_to(self, request: Request, trial: RecordingId) -> Findings:
        for _ in range(self._looks):
            found = await to_thread.run_sync(trials.findings_of, self._home, trial)
            if found is not None:
                return found
            if await request.is_disconnected():
                raise ClientDisconnect
            await sleep(_LOOK_S)
        raise TrialUnchecked


async def _take_in(request: Request, held: HeldBack) -> None:
    """Keep the body as it comes; no more of it can come than was told."""
    waiting = bytearray()
    async for chunk in request.stream():
        waiting += chunk
        if len(waiting) >= _THREAD_BYTES:
            full, waiting = waiting, bytearray()
            await to_thread.run_sync(held.append, full)
    if waiting:
        await to_thread.run_sync(held.append, waiting)
