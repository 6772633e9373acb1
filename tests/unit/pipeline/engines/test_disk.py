import shutil
from pathlib import Path

import pytest

from pipeline.engines.disk import check_free_space, copy_bytes
from pipeline.errors import DiskFull


def test_little_work_fits(tmp_path: Path) -> None:
    check_free_space(tmp_path, needed_bytes=1, reserve_bytes=0)


def test_too_much_work_is_refused_before_it_begins(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(DiskFull) as full:
        check_free_space(tmp_path, needed_bytes=free * 2, reserve_bytes=0)
    assert full.value.needed_mib > full.value.free_mib
    assert full.value.retryable


def test_the_reserve_stays_free(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(DiskFull):
        check_free_space(tmp_path, needed_bytes=0, reserve_bytes=free * 2)


def test_a_copy_is_never_expected_smaller_than_a_copied_source() -> None:
    assert copy_bytes(source_bytes=10**10, duration_ms=60_000) > 10**10
    assert copy_bytes(source_bytes=1, duration_ms=3_600_000) > 1_800_000_000
