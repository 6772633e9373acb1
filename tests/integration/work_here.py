"""A home whose stages a test does itself, one after another in its own process."""

from collections.abc import Iterator

import pytest

from pipeline.stages import work
from storage.home import Home
from storage.settings import Settings


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMSPIL_HOME", str(tmp_path_factory.mktemp("work") / "home"))
        work.place.cache_clear()  # a child opens its home once
        opened = Home.open(Settings())
        yield opened
        work.place()[0].close()
        work.place.cache_clear()
        opened.close()
