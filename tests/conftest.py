"""Real servers that tests share: PostgreSQL and an S3 endpoint, started once where needed.

Both come from packages of the test extra and need no network. To run against your own, set
SAMSPIL_TEST_POSTGRES_URL, or SAMSPIL_TEST_S3_ENDPOINT with _BUCKET, _ACCESS_KEY_ID and
_SECRET_ACCESS_KEY beside it.
"""

import fcntl
import gc
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import make_url

from storage import database
from storage.database import make_engine
from storage.migrations import bring_up_to_date

START_SECONDS = 180

# Examples are many, not fast: on a busy machine a deadline fails what is right.
hypothesis.settings.register_profile("samspil", deadline=None)
hypothesis.settings.load_profile("samspil")


def pytest_xdist_auto_num_workers() -> int:
    """Run more tests at once than there are cores: half the time they wait for other programs."""
    return len(os.sched_getaffinity(0)) * 3 // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with tests for which all others wait, then with the files that take longest.

    At the end each process has something left to do, and at the beginning nobody is waited for.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda i: (i.get_closest_marker("alone") is None, i.path not in slow))


def pytest_collection_finish() -> None:
    """Leave all that is there now out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _hurry() -> Iterator[None]:
    """Spare what takes long and proves nothing: no test cuts the power or guesses a password."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.database._PRAGMAS", (*database._PRAGMAS, "synchronous=OFF"))  # noqa: SLF001 - there is no setting for it
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("storage.passwords._HASHER", cheap)
        yield


@pytest.fixture(autouse=True)
def _company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[None]:
    """Let a test marked ``alone`` run while no other does, whichever process that is in.

    Two locks: who wants to be alone holds the door until it has the room, so that the others
    cannot keep it out by taking turns.
    """
    if worker_id == "master":
        yield
        return
    lock = fcntl.LOCK_EX if request.node.get_closest_marker("alone") else fcntl.LOCK_SH
    shared = tmp_path_factory.getbasetemp().parent
    with ExitStack() as stack:
        room = stack.enter_context((shared / "room").open("wb"))
        with (shared / "door").open("wb") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(room, lock)
        yield


@dataclass(frozen=True, slots=True)
class S3Endpoint:
    """Where a bucket for tests is."""

    url: str
    bucket: str
    access_key_id: str
    secret_access_key: str


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the URL of a PostgreSQL database; as root the server runs as user pgserver."""
    if given := os.environ.get("SAMSPIL_TEST_POSTGRES_URL"):
        yield given
        return
    # Its socket's path must be short and open to the server's user: not below tmp_path.
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        Path(folder).chmod(0o755)
        locks = Path(folder) / "run"
        locks.mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(locks))  # else the import warns, and warnings fail
        server_module = pytest.importorskip(
            "pgserver.postgres_server",
            reason="no PostgreSQL is packaged for this Python: set SAMSPIL_TEST_POSTGRES_URL",
        )
        server = server_module.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")  # no test cuts the power
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def _tables(postgres_url: str) -> Iterator[str]:
    """Give the name of a database that is brought up to date: to copy it is quicker."""
    with _database(postgres_url, like="template1") as name:
        engine = make_engine(_url_of(postgres_url, name))
        bring_up_to_date(engine)
        engine.dispose()
        yield name


@pytest.fixture
def fresh_postgres_url(postgres_url: str, _tables: str) -> Iterator[str]:
    """Give the URL of a database of today's shape without content; it is dropped afterwards."""
    with _database(postgres_url, like=_tables) as name:
        yield _url_of(postgres_url, name)


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> Iterator[str]:
    """Give the URL of a database that has no tables; it is dropped afterwards."""
    with _database(postgres_url, like="template1") as name:
        yield _url_of(postgres_url, name)


@contextmanager
def _database(server: str, *, like: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    engine = make_engine(server)
    outside = engine.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield name
    finally:
        with outside.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def _url_of(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[S3Endpoint]:
    """Give an S3 endpoint with a bucket: moto in a process of its own, or the given one."""
    if given := os.environ.get("SAMSPIL_TEST_S3_ENDPOINT"):
        names = ("BUCKET", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
        yield S3Endpoint(given, *(os.environ[f"SAMSPIL_TEST_S3_{name}"] for name in names))
        return
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _make_bucket(port, "samspil-test", process)
            yield S3Endpoint(f"http://127.0.0.1:{port}", "samspil-test", "test", "test")
        finally:
            process.terminate()


def _make_bucket(port: int, bucket: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.request("PUT", f"/{bucket}")
            if connection.getresponse().status == http.client.OK:
                return
        except ConnectionError:
            time.sleep(0.1)
        finally:
            connection.close()
    pytest.fail("the S3 server did not start")
