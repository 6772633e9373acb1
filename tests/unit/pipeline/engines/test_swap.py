"""Whether memory can be moved to a disk where it can be read."""

import os
from pathlib import Path

import pytest

from pipeline.engines.swap import swap_in_the_clear

HEADING = "Filename\tType\tSize\tUsed\tPriority\n"


@pytest.fixture
def swap(tmp_path: Path) -> Path:
    path = tmp_path / "swapfile"
    path.touch()
    return path


def found(tmp_path: Path, *lines: str) -> tuple[str, ...]:
    swaps = tmp_path / "swaps"
    swaps.write_text(HEADING + "".join(f"{line}\n" for line in lines))
    return swap_in_the_clear(swaps=swaps, blocks=tmp_path / "block")


def block_below(swap: Path) -> Path:
    device = swap.stat().st_dev
    block = swap.parent / "block" / f"{os.major(device)}:{os.minor(device)}"
    (block / "slaves").mkdir(parents=True)
    return block


def made_by(block: Path, uuid: str) -> None:
    (block / "dm").mkdir(parents=True)
    (block / "dm" / "uuid").write_text(uuid)


def test_no_swap_is_no_danger(tmp_path: Path) -> None:
    assert found(tmp_path) == ()
    assert swap_in_the_clear(swaps=tmp_path / "none") == ()


def test_a_plain_disk_is_told(tmp_path: Path, swap: Path) -> None:
    line = f"{swap} file 1024 0 -2"
    assert found(tmp_path, line) == (str(swap),)
    block_below(swap)
    assert found(tmp_path, line) == (str(swap),)


def test_what_is_gone_is_told(tmp_path: Path) -> None:
    assert found(tmp_path, "/no/such/swap partition 1024 0 -2") == ("/no/such/swap",)


def test_an_encrypted_disk_is_fine(tmp_path: Path, swap: Path) -> None:
    made_by(block_below(swap), "CRYPT-LUKS2-0123-home")
    assert found(tmp_path, f"{swap} file 1024 0 -2", "/dev/zram0 partition 1024 0 100") == ()


def test_a_volume_is_as_safe_as_all_that_it_lies_on(tmp_path: Path, swap: Path) -> None:
    block = block_below(swap)
    made_by(block, "LVM-0123")
    made_by(block / "slaves" / "dm-0", "CRYPT-LUKS2-0123-disk")
    line = f"{swap} file 1024 0 -2"
    assert found(tmp_path, line) == ()
    (block / "slaves" / "sdb1").mkdir()
    assert found(tmp_path, line) == (str(swap),)
