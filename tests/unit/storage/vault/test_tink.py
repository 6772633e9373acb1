"""Tink itself reads what we write, and we read what it writes."""

import io

import pytest

from storage.vault.segments import HEADER_BYTES, SEGMENT_BYTES, TAG_BYTES, Layout
from storage.vault.stream import DecryptingReader, EncryptingWriter
from tests.tink_peer import tink_stream

KEY = bytes(range(32))
AAD = b"v1|recording-1|source"


class Kept(io.BytesIO):
    """Keeps its content when Tink closes it."""

    def close(self) -> None:
        """Do nothing."""


CASES = [
    (segment_bytes, size)
    for segment_bytes in (4096, SEGMENT_BYTES)
    for first in (segment_bytes - HEADER_BYTES - TAG_BYTES,)
    for size in (0, 1, first - 1, first, first + 1, first + segment_bytes - TAG_BYTES, 3 * first)
]


@pytest.mark.parametrize(("segment_bytes", "size"), CASES)
def test_tink_reads_what_we_write(segment_bytes: int, size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    sink = io.BytesIO()
    layout = Layout(segment_bytes)
    with EncryptingWriter(sink, key=KEY, associated_data=AAD, layout=layout) as writer:
        writer.write(content)
    source = io.BytesIO(sink.getvalue())
    with tink_stream(KEY, segment_bytes=segment_bytes).new_decrypting_stream(source, AAD) as stream:
        assert stream.read() == content


@pytest.mark.parametrize(("segment_bytes", "size"), CASES)
def test_we_read_what_tink_writes(segment_bytes: int, size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    sink = Kept()
    with tink_stream(KEY, segment_bytes=segment_bytes).new_encrypting_stream(sink, AAD) as stream:
        stream.write(content)
    written = sink.getvalue()
    reader = DecryptingReader(
        lambda offset, length: written[offset : offset + length],
        ciphertext_size=len(written),
        key=KEY,
        associated_data=AAD,
        layout=Layout(segment_bytes),
    )
    assert reader.read() == content
