"""Starts the app: ``python -m review_app``."""

import logging

import uvicorn

from review_app.place import home
from review_app.server import build

_SOCKET_PING_S = 20.0
_STOPPED_WITHIN_S = 5
"""A film that stands still keeps its answer open; nobody's pause may hold up a restart."""


def main() -> None:
    """Serve until stopped."""
    settings = home().settings
    _leave_out_who_was_where()
    uvicorn.run(
        build(),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        ws_ping_interval=_SOCKET_PING_S,
        server_header=False,
        timeout_graceful_shutdown=_STOPPED_WITHIN_S,
    )


def _leave_out_who_was_where() -> None:
    """Silence uvicorn's lines on each request and socket; that is the audit log's business.

    Streamlit configures logging after uvicorn and brings them back; filters stay. Sockets are told
    of in the log that also carries errors, at a lower level.
    """
    logging.getLogger("uvicorn.access").addFilter(lambda _: False)
    logging.getLogger("uvicorn.error").addFilter(lambda line: line.levelno >= logging.WARNING)


if __name__ == "__main__":
    main()
