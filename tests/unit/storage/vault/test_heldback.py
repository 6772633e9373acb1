"""Bytes on trial: they come back whole, and leave nothing whatever happens."""

from pathlib import Path

import pytest

from storage.vault.heldback import HeldBack

MARK = b"PLAINTEXT-ON-TRIAL"


@pytest.mark.parametrize("size", [0, 1, 255 * 1024, 3 * 1024 * 1024 + 7])
def test_what_went_in_comes_out_in_small_pieces(tmp_path: Path, size: int) -> None:
    content = (MARK * (size // len(MARK) + 1))[:size]
    with HeldBack(tmp_path / "trial") as held:
        for at in range(0, size, 100_003):
            held.append(content[at : at + 100_003])
        pieces = list(held.pieces())
    assert b"".join(pieces) == content
    assert all(len(piece) <= 1024 * 1024 for piece in pieces)


def test_it_has_no_name_and_is_not_readable(tmp_path: Path) -> None:
    with HeldBack(tmp_path / "trial") as held:
        held.append(MARK * 50_000)
        assert list(tmp_path.iterdir()) == []
        open_file = Path(f"/proc/self/fd/{held._file.fileno()}").read_bytes()  # noqa: SLF001 - it has no name
        assert len(open_file) > 500_000
        assert MARK not in open_file
    assert held._file.closed  # noqa: SLF001 - see above
