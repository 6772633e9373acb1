"""The routes of uploads and films over a real socket, and a line to them that can be cut."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from pathlib import Path

SERVE = """
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from review_app.gate import Gate
from review_app.routes.media import MediaRoutes
from review_app.routes.problems import HANDLERS
from review_app.routes.uploads import UploadRoutes
from review_app.sessions import Sessions
from review_app.witness import Witness
from storage.home import Home
from storage.settings import Settings
from tests.clock import Clock

home = Home.open(Settings(home=Path(sys.argv[1])), clock=Clock())
sessions, witness = Sessions(home), Witness(home)
gate = Middleware(Gate, sessions=sessions, witness=witness)
media = MediaRoutes(home, sessions, witness=witness)
routes = [*UploadRoutes(home).routes(), *media.routes()]
app = Starlette(routes=routes, middleware=[gate], exception_handlers=HANDLERS)
uvicorn.run(app, port=int(sys.argv[2]), log_level="critical")
"""


class Server:
    """Those routes, behind the gate, in a process of their own that can be killed."""

    def __init__(
        self, home: Path, stack: ExitStack, *, port: int = 0, program: str = SERVE
    ) -> None:
        with socket.create_server(("127.0.0.1", port)) as probe:
            self.port = probe.getsockname()[1]
        self._command = [sys.executable, "-c", program, str(home), str(self.port)]
        stack.callback(self.kill)
        self.start()

    def start(self) -> None:
        """Serve; again, on the same port, after a kill."""
        root = str(Path(__file__).parents[1])
        environment = os.environ | {"PYTHONPATH": root}
        self.process = subprocess.Popen(self._command, cwd=root, env=environment)
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders())


class Line:
    """A line to a server that is lost once so many bytes have gone over it.

    Attributes:
        cuts: After how many bytes a connection is lost, one after the other; then all hold.
        lost: How many were lost.
        carried: Every byte that has gone towards the server.
    """

    def __init__(self, server_port: int, stack: ExitStack, *, cuts: list[int]) -> None:
        self.cuts = cuts
        self.lost = 0
        self.carried = bytearray()
        self._server_port = server_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        stack.callback(self._listening.close)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._server_port)) as far:
            back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            sent = 0
            with suppress(OSError):
                while data := near.recv(65_536):
                    far.sendall(data)
                    sent += len(data)
                    self.carried += data
                    if self.cuts and sent >= self.cuts[0]:
                        self.cuts.pop(0)
                        self.lost += 1
                        break
            for end in (near, far):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
