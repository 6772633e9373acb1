"""A web server of one's own in a thread, which leaves nothing behind for other tests."""

import gc
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

ENDS_WITHIN_S = 60


@contextmanager
def served(
    app: ASGIApp, *, port: int = 0, websockets: bool = False, patient: bool = False
) -> Iterator[int]:
    """Serve on a free port, or on that one, for as long as the block lasts; give the port.

    At the end it stops in the middle of whatever is being sent, unless it is ``patient``.
    """
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        lifespan="off",
        ws="websockets-sansio" if websockets else "none",
        timeout_graceful_shutdown=None if patient else 1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        server.force_exit = not patient
        thread.join(ENDS_WITHIN_S)
        # The server's loop ends before its last connections have said goodbye. Collected later,
        # they would fail a test that has nothing to do with them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
