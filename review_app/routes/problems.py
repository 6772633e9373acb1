"""Errors as JSON, in the words and the language of the one who asked.

Anticipated errors say what happened and what to do; a conflict also what is stored now. Anything
else is logged by its type and place, and answered without detail.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from consent.errors import ConsentError
from review_app import unforeseen
from review_app.errors import ReviewError
from review_app.translation import preferred, told, translator
from storage.errors import Conflict, NotFound, StorageError
from storage.vault.errors import UploadBusy, UploadMissing

_STATUS: dict[type[Exception], int] = {
    Conflict: 409,
    NotFound: 404,
    UploadMissing: 404,
    UploadBusy: 423,
}
_PASSING: Final = 503
_JSON: Final = TypeAdapter(Any)

Handler = Callable[[Request, Exception], Response]


def language_of(request: Request) -> str:
    """Return the signed-in user's language, else the browser's."""
    user = request.scope.get("state", {}).get("user")
    return user.language if user else preferred(request.headers.get("accept-language", ""))


def tell(request: Request, error: Exception) -> Response:
    """Answer an anticipated error; a refusal is noted, for its own work has been undone."""
    state = request.scope.get("state", {})
    if state.get("user") is not None:
        wanted = request.path_params.get("recording", "")
        state["witness"].refused(state["user"].id, error, recording=wanted)
    message, advice = told(error, say=translator(language_of(request)))
    body: dict[str, Any] = {
        "error": type(error).__name__,
        "message": message,
        "advice": advice,
    }
    if isinstance(error, Conflict) and error.stored is not None:
        body["stored"] = _JSON.dump_python(error.stored, mode="json")
    return JSONResponse(body, status_code=_status(error))


def admit(request: Request, error: Exception) -> Response:
    """Answer an error that nobody foresaw, and log where it came from without its message."""
    unforeseen.log(error, during=request.method)
    say = translator(language_of(request))
    return JSONResponse(
        {
            "error": "Unexpected",
            "message": say(unforeseen.MESSAGE_WORDS),
            "advice": say(unforeseen.ADVICE_WORDS),
        },
        status_code=500,
    )


def _status(error: Exception) -> int:
    if isinstance(error, ConsentError):
        return 403
    if isinstance(error, ReviewError):
        return error.status
    passing = isinstance(error, StorageError) and error.retryable
    return _STATUS.get(type(error), _PASSING if passing else 400)


HANDLERS: dict[type[Exception], Handler] = {
    ReviewError: tell,
    ConsentError: tell,
    StorageError: tell,
}
"""Of anticipated errors only: the framework would hand others on to the server's log, words and
all. Those end in the gate.
"""
