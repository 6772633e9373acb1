"""The house: a real home on disk, its people, and browsers signed in to it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.house import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Give a house on each kind of database."""
    url = request.getfixturevalue("fresh_postgres_url") if request.param == "postgresql" else ""
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home", database_url=url)
