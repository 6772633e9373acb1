"""A home in a folder of the test, and workers that do not outlive it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.home import Home
from storage.settings import Settings
from tests.faults import flow
from tests.new_home import new_home


@pytest.fixture
def workers() -> Iterator[list[flow.WorkerProcess]]:
    begun: list[flow.WorkerProcess] = []
    yield begun
    for worker in begun:
        worker.kill()


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the settings of a site in one folder, for this process and for workers."""
    settings = {"SAMSPIL_HOME": str(tmp_path / "home"), "SAMSPIL_WORKERS": "2"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def site(env: dict[str, str]) -> Iterator[Home]:  # noqa: ARG001 - it reads them
    opened = new_home(Settings())
    yield opened
    opened.close()
