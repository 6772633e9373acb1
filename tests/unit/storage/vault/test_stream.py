"""The encrypted stream: what goes in comes out, and nothing else passes for it."""

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.vault.errors import TamperedBlob, VaultError
from storage.vault.segments import (
    HEADER_BYTES,
    SEGMENT_BYTES,
    TAG_BYTES,
    Layout,
    SegmentCipher,
)
from storage.vault.stream import DecryptingReader, EncryptingWriter

if TYPE_CHECKING:
    from typing_extensions import Buffer

KEY = bytes(range(32))
AAD = b"v1|recording-1|source"
SMALL = Layout(128)
FIRST, OTHER = SMALL.capacity(0), SMALL.capacity(1)
BORDERS = [0, 1, FIRST, FIRST + 1, FIRST + OTHER, FIRST + OTHER + 1, FIRST + 5 * OTHER]
sizes = st.one_of(
    st.integers(0, 6 * OTHER),
    st.builds(
        lambda border, near: max(0, border + near), st.sampled_from(BORDERS), st.integers(-1, 1)
    ),
)


def content_of(size: int) -> bytes:
    return (hashlib.sha512(b"%d" % size).digest() * (size // 64 + 1))[:size]


def encrypted(content: bytes, *, pieces: list[int] | None = None, layout: Layout = SMALL) -> bytes:
    sink = io.BytesIO()
    with EncryptingWriter(sink, key=KEY, associated_data=AAD, layout=layout) as writer:
        at = 0
        for piece in pieces or []:
            writer.write(content[at : at + piece])
            at += piece
        writer.write(content[at:])
    return sink.getvalue()


def reading(
    ciphertext: bytes, *, key: bytes = KEY, aad: bytes = AAD, layout: Layout = SMALL, ahead: int = 1
) -> DecryptingReader:
    return DecryptingReader(
        lambda offset, length: ciphertext[offset : offset + length],
        ciphertext_size=len(ciphertext),
        key=key,
        associated_data=aad,
        layout=layout,
        read_ahead=ahead,
    )


@given(size=sizes, pieces=st.lists(st.integers(0, 300), max_size=8), ahead=st.integers(1, 8))
def test_what_was_written_is_read(size: int, pieces: list[int], ahead: int) -> None:
    content = content_of(size)
    ciphertext = encrypted(content, pieces=pieces)
    reader = reading(ciphertext, ahead=ahead)
    assert len(ciphertext) == SMALL.ciphertext_size(size)
    assert reader.size == size
    assert reader.read() == content
    assert reader.read() == b""


@pytest.mark.parametrize("near", [-1, 0, 1])
def test_segments_of_full_size_hold_up_at_their_borders(near: int) -> None:
    content = os.urandom(3 * (SEGMENT_BYTES - TAG_BYTES) - HEADER_BYTES + near)
    assert reading(encrypted(content, layout=Layout()), layout=Layout()).read() == content


@given(size=sizes, offset=st.integers(0, 900), length=st.integers(0, 900), ahead=st.integers(1, 8))
def test_any_range_is_that_slice(size: int, offset: int, length: int, ahead: int) -> None:
    content = content_of(size)
    reader = reading(encrypted(content), ahead=ahead)
    assert reader.pread(offset, length) == content[offset : offset + length]
    reader.seek(offset)
    assert reader.read(length) == content[offset : offset + length]
    assert reader.tell() == offset + len(content[offset : offset + length])


@given(size=sizes, place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(size: int, place: float, bit: int) -> None:
    changed = bytearray(encrypted(content_of(size)))
    changed[int(place * len(changed))] ^= 1 << bit
    with pytest.raises(TamperedBlob):
        reading(bytes(changed)).read()


@given(size=sizes, cut=st.integers(1, 900))
@example(size=FIRST + 3 * OTHER, cut=128)  # exactly the last segment
def test_a_cut_stream_is_refused_when_opened(size: int, cut: int) -> None:
    ciphertext = encrypted(content_of(size))
    with pytest.raises(TamperedBlob):
        reading(ciphertext[: max(0, len(ciphertext) - cut)])


@given(size=sizes, more=st.binary(min_size=1, max_size=300))
def test_a_lengthened_stream_is_refused_when_opened(size: int, more: bytes) -> None:
    with pytest.raises(TamperedBlob):
        reading(encrypted(content_of(size)) + more)


def test_exchanged_segments_are_refused() -> None:
    ciphertext = encrypted(content_of(FIRST + 5 * OTHER))
    swapped = ciphertext[:128] + ciphertext[256:384] + ciphertext[128:256] + ciphertext[384:]
    reader = reading(swapped)
    with pytest.raises(TamperedBlob):
        reader.read()


@pytest.mark.parametrize(
    ("key", "aad"), [(bytes(32), AAD), (KEY, b"v1|recording-2|source"), (KEY, b"")]
)
def test_another_key_or_recording_is_refused_when_opened(key: bytes, aad: bytes) -> None:
    with pytest.raises(TamperedBlob):
        reading(encrypted(b"content"), key=key, aad=aad)


def test_half_a_file_never_passes_for_a_whole_one() -> None:
    sink = io.BytesIO()
    writer = EncryptingWriter(sink, key=KEY, associated_data=AAD, layout=SMALL)

    def failing_halfway() -> None:
        with writer:
            writer.write(content_of(500))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing_halfway()
    assert not writer.sealed
    with pytest.raises(TamperedBlob):
        reading(sink.getvalue())


def test_a_forgotten_writer_does_not_seal() -> None:
    sink = io.BytesIO()
    writer = EncryptingWriter(sink, key=KEY, associated_data=AAD, layout=SMALL)
    writer.write(content_of(500))
    del writer
    with pytest.raises(TamperedBlob):
        reading(sink.getvalue())


def test_closing_twice_seals_once_and_then_nothing_is_written() -> None:
    sink = io.BytesIO()
    writer = EncryptingWriter(sink, key=KEY, associated_data=AAD, layout=SMALL)
    writer.close()
    writer.close()
    assert reading(sink.getvalue()).read() == b""
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"more")


def test_a_sink_that_takes_little_at_a_time_gets_all() -> None:
    class Sipping(io.BytesIO):
        def write(self, data: "Buffer", /) -> int:
            return super().write(memoryview(data)[:7])

    sink = Sipping()
    with EncryptingWriter(sink, key=KEY, associated_data=AAD, layout=SMALL) as writer:
        writer.write(content_of(1000))
    assert reading(sink.getvalue()).read() == content_of(1000)


def test_many_threads_read_at_once() -> None:
    content = content_of(40 * OTHER)
    reader = reading(encrypted(content))
    places = [(offset, 200) for offset in range(0, len(content), 61)]
    with ThreadPoolExecutor(8) as pool:
        for (offset, length), got in zip(
            places, pool.map(lambda place: reader.pread(*place), places), strict=True
        ):
            assert got == content[offset : offset + length]


def test_the_end_can_be_sought_and_the_front_not_passed() -> None:
    reader = reading(encrypted(b"0123456789"))
    assert reader.seek(-3, io.SEEK_END) == 7
    assert reader.read() == b"789"
    with pytest.raises(ValueError, match="before the beginning"):
        reader.seek(-1)
    with pytest.raises(ValueError, match="no range"):
        reader.pread(-1, 2)


def test_a_closed_reader_reads_no_more() -> None:
    reader = reading(encrypted(b"0123456789"))
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.pread(0, 1)


def test_forward_reading_of_a_distant_store_takes_few_requests() -> None:
    ciphertext = encrypted(content_of(40 * OTHER))
    requests: list[int] = []

    def read_at(offset: int, length: int) -> bytes:
        requests.append(length)
        return ciphertext[offset : offset + length]

    reader = DecryptingReader(
        read_at,
        ciphertext_size=len(ciphertext),
        key=KEY,
        associated_data=AAD,
        layout=SMALL,
        read_ahead=8,
    )
    while reader.read(50):
        pass
    assert len(requests) <= 2 + 1 + 40 / 8


def test_a_segment_is_never_sealed_twice() -> None:
    cipher = SegmentCipher.fresh(key=KEY, associated_data=AAD)
    cipher.seal(b"one", index=4, last=False)
    with pytest.raises(VaultError, match="sealed already"):
        cipher.seal(b"two", index=4, last=False)
    with pytest.raises(VaultError, match="at most"):
        cipher.seal(b"", index=2**32, last=False)


def test_two_streams_share_no_bytes() -> None:
    assert encrypted(b"same")[1:] != encrypted(b"same")[1:]


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="not 32"):
        EncryptingWriter(io.BytesIO(), key=bytes(length), associated_data=AAD)


def test_segments_too_small_to_hold_anything_are_refused() -> None:
    with pytest.raises(ValueError, match="hold nothing"):
        Layout(HEADER_BYTES + TAG_BYTES)


@given(position=st.integers(0, 2000))
def test_every_position_has_one_place(position: int) -> None:
    index, within = SMALL.locate(position)
    assert 0 <= within < SMALL.capacity(index)
    assert SMALL.plaintext_start(index) + within == position


@given(size=st.integers(0, 3000))
def test_sizes_translate_both_ways(size: int) -> None:
    assert SMALL.plaintext_size(SMALL.ciphertext_size(size)) == size
