"""Tink itself reads what we write, and we read what it writes."""

import io

import pytest
import tink
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from storage.vault.segments import HEADER_BYTES, SEGMENT_BYTES, TAG_BYTES, Layout
from storage.vault.stream import DecryptingReader, EncryptingWriter

KEY = bytes(range(32))
AAD = b"v1|recording-1|source"


def tinks(segment_bytes: int) -> streaming_aead.StreamingAead:
    streaming_aead.register()
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(
        key_value=KEY,
        params=aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
            ciphertext_segment_size=segment_bytes,
            derived_key_size=32,
            hkdf_hash_type=common_pb2.SHA256,
        ),
    )
    keyset = tink_pb2.Keyset(primary_key_id=1)
    entry = keyset.key.add()
    entry.key_id = 1
    entry.status = tink_pb2.ENABLED
    entry.output_prefix_type = tink_pb2.RAW
    entry.key_data.type_url = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"
    entry.key_data.value = key.SerializeToString()
    entry.key_data.key_material_type = tink_pb2.KeyData.SYMMETRIC
    serialized = keyset.SerializeToString()
    handle = tink.proto_keyset_format.parse(serialized, secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


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
    with tinks(segment_bytes).new_decrypting_stream(source, AAD) as stream:
        assert stream.read() == content


@pytest.mark.parametrize(("segment_bytes", "size"), CASES)
def test_we_read_what_tink_writes(segment_bytes: int, size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    sink = Kept()
    with tinks(segment_bytes).new_encrypting_stream(sink, AAD) as stream:
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
