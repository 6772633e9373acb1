"""Starts the app: ``python -m review_app``."""

import uvicorn

from review_app.place import home
from review_app.server import build

_SOCKET_PING_S = 20.0


def main() -> None:
    """Serve until stopped."""
    settings = home().settings
    uvicorn.run(
        build(),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,  # addresses hold recording ids; the audit log is the place for those
        ws_ping_interval=_SOCKET_PING_S,
        server_header=False,
    )


if __name__ == "__main__":
    main()
