"""Starts the app: ``python -m review_app``."""

import logging

import uvicorn

from review_app.place import home
from review_app.server import build

_SOCKET_PING_S = 20.0


def main() -> None:
    """Serve until stopped."""
    settings = home().settings
    # Streamlit configures logging after uvicorn and would bring the access log back; its lines
    # hold who was where, which is the audit log's business.
    logging.getLogger("uvicorn.access").addFilter(lambda _: False)
    uvicorn.run(
        build(),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        ws_ping_interval=_SOCKET_PING_S,
        server_header=False,
    )


if __name__ == "__main__":
    main()
