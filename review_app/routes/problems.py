"""Errors as JSON, in the words and the language of the one who asked.

Anticipated errors say what happened and what to do. Anything else is logged by its type and
place, and answered without detail, for a message may hold what someone said.
"""

import logging
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from consent.errors import ConsentError
from review_app.errors import ReviewError
from review_app.translation import preferred, told, translator
from storage.errors import Conflict, NotFound, StorageError

_LOG = logging.getLogger(__name__)
_STATUS: dict[type[Exception], int] = {Conflict: 409, NotFound: 404}

Handler = Callable[[Request, Exception], Response]


def language_of(request: Request) -> str:
    """Return the signed-in user's language, else the browser's."""
    user = request.scope.get("state", {}).get("user")
    return user.language if user else preferred(request.headers.get("accept-language", ""))


def tell(request: Request, error: Exception) -> Response:
    """Answer an anticipated error."""
    message, advice = told(error, say=translator(language_of(request)))
    body: dict[str, Any] = {
        "error": type(error).__name__,
        "message": message,
        "advice": advice,
    }
    if isinstance(error, ConsentError):
        status = 403
    elif isinstance(error, ReviewError):
        status = error.status
    else:
        status = _STATUS.get(type(error), 400)
    return JSONResponse(body, status_code=status)


def admit(request: Request, error: Exception) -> Response:
    """Answer an error that nobody foresaw, and log where it came from without its message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    _LOG.error("Unable to answer %s: %s at %s", request.method, type(error).__name__, where)
    say = translator(language_of(request))
    return JSONResponse(
        {
            "error": "Unexpected",
            "message": say("Something went wrong here. Nothing you wrote is lost."),
            "advice": say("Try again. If it goes on, tell your administrator the time."),
        },
        status_code=500,
    )


HANDLERS: dict[type[Exception], Handler] = {
    ReviewError: tell,
    ConsentError: tell,
    StorageError: tell,
    Exception: admit,
}
