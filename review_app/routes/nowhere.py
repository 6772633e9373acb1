"""Addresses of several parts that lead nowhere.

Streamlit answers them with its page, which looks for its scripts beside itself: below another part
it finds none, and stays blank. At an address of one part the app can say that nothing is there.
"""

from typing import Final

from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOWHERE: Final = "/nowhere"


class OnePart:
    """ASGI middleware that sends on to ``NOWHERE`` instead of a page that would stay blank."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an answer through, or send on."""
        if scope["type"] != "http" or "/" not in scope["path"].strip("/"):
            await self._app(scope, receive, send)
            return
        led_on = False

        async def send_or_lead_on(message: Message) -> None:
            nonlocal led_on
            if message["type"] == "http.response.start" and _would_stay_blank(scope, message):
                led_on = True
                await RedirectResponse(NOWHERE, status_code=303)(scope, receive, send)
            if not led_on:
                await send(message)

        await self._app(scope, receive, send_or_lead_on)


def _would_stay_blank(scope: Scope, message: Message) -> bool:
    """Return whether it is Streamlit's page: nothing else of what it serves as files is HTML."""
    kind = dict(message["headers"]).get(b"content-type", b"")
    return isinstance(scope.get("endpoint"), StaticFiles) and kind.startswith(b"text/html")
