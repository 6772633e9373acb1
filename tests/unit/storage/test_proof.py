"""The files outside the database: chained, safe to kill, and telling of every change."""

import multiprocessing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.model import RecordingId
from storage.errors import NotPlain, ProofBroken, ProofUnwritable
from storage.proof import Proof, ProofFile
from storage.records import Anchor, Erasure, ErasureReason

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
KEY = b"k" * 32


def proof(folder: Path) -> Proof:
    return Proof(folder, key=lambda: KEY)


def anchor(seq: int) -> Anchor:
    return Anchor(number=0, day=date(2026, 3, seq), seq=seq, mac=f"m{seq}")


def erasure(name: str = "r", *, completed: bool = False) -> Erasure:
    reason = ErasureReason.RETENTION
    return Erasure(RecordingId(name), reason, NOW, NOW, NOW if completed else None)


def test_what_was_noted_comes_back_in_order(tmp_path: Path) -> None:
    assert proof(tmp_path / "far").anchors() == ()
    assert [proof(tmp_path / "far").note_anchor(anchor(seq)).number for seq in (1, 2)] == [1, 2]
    assert [each.seq for each in proof(tmp_path / "far").anchors()] == [1, 2]
    assert (tmp_path / "far" / "anchors").stat().st_mode & 0o777 == 0o600


def test_an_erasure_is_noted_when_it_begins_and_when_it_ends_and_not_again(tmp_path: Path) -> None:
    kept = proof(tmp_path)
    for _ in range(2):
        assert kept.note_deletion(erasure()) == 1
    assert kept.deletions() == (erasure(),)
    for _ in range(2):
        assert kept.note_deletion(erasure(completed=True)) == 2
    assert kept.note_deletion(erasure()) == 2
    assert kept.deletions() == (erasure(completed=True),)
    kept.note_deletion(erasure("other"))
    assert [each.recording for each in kept.deletions()] == ["r", "other"]


@pytest.mark.parametrize("lost", [1, 2, 20])
def test_a_line_that_a_kill_has_cut_off_was_never_said(tmp_path: Path, lost: int) -> None:
    kept = proof(tmp_path)
    for seq in (1, 2):
        kept.note_anchor(anchor(seq))
    path = tmp_path / "anchors"
    path.write_bytes(path.read_bytes()[:-lost])
    assert [each.seq for each in kept.anchors()] == [1]
    kept.note_anchor(anchor(3))
    assert [each.seq for each in kept.anchors()] == [1, 3]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (b'"seq":2', b'"seq":9', 2),
        (b'"entry":"m1"', b'"entry":"m7"', 1),
        (b'"previous":""', b'"previous":"x"', 1),
        (b"{", b"[", 1),
    ],
)
def test_a_changed_line_is_named(tmp_path: Path, old: bytes, new: bytes, line: int) -> None:
    kept = proof(tmp_path)
    for seq in (1, 2, 3):
        kept.note_anchor(anchor(seq))
    path = tmp_path / "anchors"
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(ProofBroken) as broken:
        kept.anchors()
    assert broken.value.line == line
    kept.note_anchor(anchor(4))  # what must be noted is noted all the same


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_taken_out_is_missed(tmp_path: Path, line: int) -> None:
    kept = proof(tmp_path)
    for seq in (1, 2, 3):
        kept.note_anchor(anchor(seq))
    path = tmp_path / "anchors"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    with pytest.raises(ProofBroken):
        kept.anchors()


def test_lines_of_another_file_or_another_key_are_not_taken(tmp_path: Path) -> None:
    proof(tmp_path).note_anchor(anchor(1))
    with pytest.raises(ProofBroken):
        Proof(tmp_path, key=lambda: b"other").anchors()
    (tmp_path / "anchors").rename(tmp_path / "deletions")
    with pytest.raises(ProofBroken):
        proof(tmp_path).deletions()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProofUnwritable):
        proof(tmp_path / "file").note_anchor(anchor(1))


def test_no_words_get_in(tmp_path: Path) -> None:
    file = ProofFile(tmp_path / "f", key=lambda: KEY)
    with pytest.raises(NotPlain):
        file.append(lambda _: {"name": "Anna Jensen"})
    assert file.lines() == []


@given(cut=st.integers(min_value=0, max_value=600), count=st.integers(min_value=1, max_value=4))
def test_whatever_is_cut_off_leaves_a_beginning(
    tmp_path_factory: pytest.TempPathFactory, cut: int, count: int
) -> None:
    folder = tmp_path_factory.mktemp("proof")
    kept = proof(folder)
    for seq in range(1, count + 1):
        kept.note_anchor(anchor(seq))
    path = folder / "anchors"
    path.write_bytes(path.read_bytes()[:cut])
    found = [each.seq for each in kept.anchors()]
    assert found == list(range(1, len(found) + 1))


def test_many_processes_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(proof(tmp_path).anchors()) == 30


def _write(folder: Path) -> None:
    for seq in range(1, 11):
        proof(folder).note_anchor(anchor(seq))
