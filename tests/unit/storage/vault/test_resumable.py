"""Uploads that go on after a kill, into one stream."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault.errors import (
    StoreFull,
    TamperedBlob,
    UploadBusy,
    UploadDiverged,
    UploadMissing,
    UploadOverrun,
)
from storage.vault.resumable import ResumableUpload
from storage.vault.segments import HEADER_BYTES, LAYOUT, Layout
from storage.vault.stream import DecryptingReader
from storage.vault.tail import SUFFIX

KEY = bytes(range(32))
AAD = b"v1|recording-1|source"
SMALL = Layout(128)
FIRST, OTHER = SMALL.capacity(0), SMALL.capacity(1)


def content_of(size: int) -> bytes:
    return bytes((index * 7 + index // 251) % 256 for index in range(size))


def begun(path: Path, *, length: int, layout: Layout = SMALL) -> ResumableUpload:
    return ResumableUpload.begin(path, key=KEY, associated_data=AAD, length=length, layout=layout)


def resumed(path: Path, *, length: int, layout: Layout = SMALL) -> ResumableUpload:
    return ResumableUpload.resume(path, key=KEY, associated_data=AAD, length=length, layout=layout)


def decrypted(path: Path, *, layout: Layout = SMALL) -> bytes:
    ciphertext = path.read_bytes()
    return DecryptingReader(
        lambda offset, length: ciphertext[offset : offset + length],
        ciphertext_size=len(ciphertext),
        key=KEY,
        associated_data=AAD,
        layout=layout,
    ).read()


def lose_process(upload: ResumableUpload) -> None:
    """Do what a kill does: what is in memory goes, what was written stays, the lock opens."""
    upload._file.close()  # noqa: SLF001 - a process cannot be killed for each example


def is_border(offset: int, *, length: int) -> bool:
    return offset in {0, length} or (offset - FIRST) % OTHER == 0


@given(
    length=st.integers(0, 1500),
    pieces=st.lists(st.integers(1, 700), min_size=1, max_size=10),
    torn=st.lists(st.one_of(st.none(), st.integers(0, 400)), min_size=10, max_size=10),
)
def test_after_any_kills_the_stream_is_the_one_that_was_sent(
    length: int, pieces: list[int], torn: list[int | None]
) -> None:
    content = content_of(length)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "part"
        upload = begun(path, length=length)
        header = path.read_bytes()[:HEADER_BYTES]
        for piece, lost in zip(pieces, torn, strict=False):
            before = upload.offset
            sent = content[before:][:piece]
            offset = upload.append(sent)
            assert offset == upload.offset
            assert offset == before or is_border(offset, length=length)
            if lost is None:
                upload.close()
                assert upload.offset == before + len(sent)
            else:  # killed while it wrote: the end of the file is missing
                lose_process(upload)
                os.truncate(path, max(HEADER_BYTES, path.stat().st_size - lost))
            offset = upload.offset
            upload = resumed(path, length=length)
            assert upload.offset >= offset or lost
        upload.append(content[upload.offset :])
        assert upload.done
        assert upload.offset == length
        upload.close()
        assert path.read_bytes().startswith(header), "one stream, one salt"
        assert decrypted(path) == content


def test_what_is_not_a_whole_segment_is_not_sealed_as_one(tmp_path: Path) -> None:
    upload = begun(tmp_path / "part", length=1000)
    assert upload.append(content_of(FIRST - 1)) == 0
    assert (tmp_path / "part").stat().st_size == HEADER_BYTES
    assert upload.append(content_of(FIRST)[-1:]) == FIRST
    upload.close()
    assert [path.name for path in tmp_path.iterdir()] == ["part"]


def test_single_bytes_are_kept_too_and_never_under_the_same_seal(tmp_path: Path) -> None:
    path, tail = tmp_path / "part", tmp_path / f"part{SUFFIX}"
    content = content_of(FIRST + OTHER + 3)
    begun(path, length=len(content)).close()
    seen = set()
    for place in range(len(content)):
        with resumed(path, length=len(content)) as upload:
            assert upload.offset == place
            upload.append(content[place : place + 1])
        assert upload.offset == place + 1
        if tail.exists():
            assert tail.stat().st_mode & 0o777 == 0o600
            seen.add(tail.read_bytes()[:HEADER_BYTES])
    assert len(seen) == len(content) - 3, "a salt of its own each time, none at a border"
    assert not tail.exists()
    assert decrypted(path) == content


def test_a_kill_goes_back_to_what_was_told_to_be_stored(tmp_path: Path) -> None:
    path = tmp_path / "part"
    content = content_of(1000)
    with begun(path, length=1000) as upload:
        upload.append(content[: FIRST + 5])
    upload = resumed(path, length=1000)
    assert upload.offset == FIRST + 5
    assert upload.append(content[FIRST + 5 : FIRST + OTHER - 1]) == FIRST + 5
    lose_process(upload)
    upload = resumed(path, length=1000)
    assert upload.offset == FIRST + 5
    upload.append(content[FIRST + 5 :][: 2 * OTHER])
    lose_process(upload)  # the old beginning is still there, of a segment that is whole now
    with resumed(path, length=1000) as upload:
        assert upload.offset == FIRST + 2 * OTHER
        upload.append(content[upload.offset :])
    assert decrypted(path) == content


def test_a_full_disk_leaves_the_beginning_that_was_stored_before(
    tmp_path: Path, file_size_limit: "object"
) -> None:
    assert callable(file_size_limit)
    path = tmp_path / "part"
    with begun(path, length=1000) as upload:
        upload.append(content_of(5))
    upload = resumed(path, length=1000)
    upload.append(content_of(40)[5:])
    with file_size_limit(90), pytest.raises(StoreFull):
        upload.close()
    with resumed(path, length=1000) as upload:
        assert upload.offset == 5
        upload.append(content_of(1000)[5:])
    assert decrypted(path) == content_of(1000)
    assert [kept.name for kept in tmp_path.iterdir()] == ["part"]


def test_a_changed_beginning_of_a_segment_is_refused(tmp_path: Path) -> None:
    with begun(tmp_path / "part", length=1000) as upload:
        upload.append(b"x")
    tail = tmp_path / f"part{SUFFIX}"
    tail.write_bytes(tail.read_bytes()[:-1] + b"\0")
    with pytest.raises(TamperedBlob):
        resumed(tmp_path / "part", length=1000)


def test_other_bytes_after_a_torn_segment_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "part"
    upload = begun(path, length=1000)
    upload.append(content_of(FIRST + OTHER))
    lose_process(upload)
    os.truncate(path, path.stat().st_size - 20)
    before = path.read_bytes()
    upload = resumed(path, length=1000)
    assert upload.offset == FIRST
    with pytest.raises(UploadDiverged):
        upload.append(bytes(OTHER))
    upload.close()
    assert path.read_bytes() == before, "nothing may be sealed twice with another content"
    upload = resumed(path, length=1000)
    assert upload.append(content_of(1000)[FIRST:]) == 1000
    upload.close()
    assert decrypted(path) == content_of(1000)


def test_a_kill_before_the_header_was_whole_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "part"
    path.write_bytes(b"\x28half")
    with resumed(path, length=10) as upload:
        assert upload.append(b"0123456789") == 10
    assert decrypted(path) == b"0123456789"


def test_more_than_declared_is_refused_and_not_taken(tmp_path: Path) -> None:
    with begun(tmp_path / "part", length=100) as upload:
        upload.append(content_of(60))
        with pytest.raises(UploadOverrun):
            upload.append(bytes(41))
        assert upload.append(content_of(100)[60:]) == 100
        with pytest.raises(UploadOverrun):
            upload.append(b"x")
    assert decrypted(tmp_path / "part") == content_of(100)


def test_an_empty_file_is_done_at_once(tmp_path: Path) -> None:
    with begun(tmp_path / "part", length=0) as upload:
        assert upload.done
    with resumed(tmp_path / "part", length=0) as upload:
        assert upload.done
    assert decrypted(tmp_path / "part") == b""


def test_two_processes_cannot_write_at_once(tmp_path: Path) -> None:
    with begun(tmp_path / "part", length=100), pytest.raises(UploadBusy):
        resumed(tmp_path / "part", length=100)
    resumed(tmp_path / "part", length=100).close()


def test_an_unknown_upload_is_named(tmp_path: Path) -> None:
    with pytest.raises(UploadMissing):
        resumed(tmp_path / "part", length=100)
    with pytest.raises(ValueError, match="bytes long"):
        begun(tmp_path / "part", length=-1)


def test_a_begun_upload_is_not_begun_again(tmp_path: Path) -> None:
    begun(tmp_path / "part", length=100).close()
    with pytest.raises(FileExistsError):
        begun(tmp_path / "part", length=100)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"\x00" + data[1:],
        lambda data: data + bytes(2000),
    ],
    ids=["last segment", "header", "too long"],
)
def test_a_changed_part_is_refused(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "part"
    with begun(path, length=1000) as upload:
        upload.append(content_of(FIRST + OTHER))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(TamperedBlob):
        resumed(path, length=1000)


def test_another_recordings_key_does_not_open_it(tmp_path: Path) -> None:
    path = tmp_path / "part"
    with begun(path, length=1000) as upload:
        upload.append(content_of(FIRST))
    with pytest.raises(TamperedBlob):
        ResumableUpload.resume(
            path, key=KEY, associated_data=b"v1|recording-2|source", length=1000, layout=SMALL
        )


def test_it_belongs_to_its_user_alone(tmp_path: Path) -> None:
    begun(tmp_path / "part", length=10).close()
    assert (tmp_path / "part").stat().st_mode & 0o777 == 0o600


def test_it_goes_on_after_the_disk_was_full(tmp_path: Path, file_size_limit: "object") -> None:
    assert callable(file_size_limit)
    path = tmp_path / "part"
    content = content_of(1000)
    upload = begun(path, length=1000)
    with file_size_limit(400), pytest.raises(StoreFull):
        upload.append(content)
    upload.close()
    assert path.stat().st_size == 400
    with resumed(path, length=1000) as upload:
        assert upload.offset == SMALL.plaintext_start(3)
        upload.append(content[upload.offset :])
    assert decrypted(path) == content


def test_a_real_kill_loses_at_most_a_segment(tmp_path: Path) -> None:
    path = tmp_path / "part"
    length = 40 * 1024 * 1024
    script = f"""
        from pathlib import Path
        from storage.vault.resumable import ResumableUpload
        upload = ResumableUpload.begin(
            Path({str(path)!r}), key=bytes(range(32)), associated_data={AAD!r}, length={length}
        )
        piece = bytes(1 << 20)
        while True:
            print(upload.append(piece[: 1 << 20]), flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = 0
        while told < 8 << 20:
            told = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait()
    with resumed(path, length=length, layout=LAYOUT) as upload:
        assert upload.offset >= told
        upload.append(bytes(length - upload.offset))
        assert upload.done
    assert decrypted(path, layout=LAYOUT) == bytes(length)
