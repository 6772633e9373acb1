"""Rows of what encryption costs: writing, reading, and against another implementation."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.vault.blobs import BlobStore
from storage.vault.segments import SEGMENT_BYTES, TAG_BYTES
from storage.vault.stream import DecryptingReader, EncryptingWriter
from tests.bench.measures import ratio
from tests.bench.rows import ROWS
from tests.tink_peer import tink_stream

MIB = 1024 * 1024
SIZE = 128 * MIB
CHUNK = MIB
PLAIN_BYTES = SEGMENT_BYTES - TAG_BYTES
"""So the floor's sealed pieces lie on the file's pages as ours do."""
KEY, ABOUT = bytes(range(32)), b"v1|recording|source"
ROUNDS = 9


@ROWS.row(goal=1.1)
def vault_write_vs_raw() -> float:
    """Writing 128 MiB encrypted into a file / AES-GCM by segments and plain writes."""
    content = memoryview(os.urandom(SIZE))
    with _folder() as folder:

        def ours() -> None:
            with (
                (folder / "ours").open("wb", buffering=0) as file,
                EncryptingWriter(file, key=KEY, associated_data=ABOUT) as writer,
            ):
                for at in range(0, SIZE, CHUNK):
                    writer.write(content[at : at + CHUNK])

        def raw() -> None:
            cipher = AESGCM(KEY)
            with (folder / "raw").open("wb", buffering=0) as file:
                for number, at in enumerate(range(0, SIZE, PLAIN_BYTES)):
                    file.write(cipher.encrypt(_nonce(number), content[at : at + PLAIN_BYTES], None))

        return ratio(ours, raw, rounds=ROUNDS)


@ROWS.row(goal=2.0)
def vault_read_vs_raw() -> float:
    """Reading 128 MiB from the store decrypted / plain reads and AES-GCM by segments.

    The difference is copying: readers ask for other pieces than segments, and latest ones are kept.
    """
    with _stored() as (folder, blobs):
        raw_file = folder / "raw"
        cipher = AESGCM(KEY)
        with raw_file.open("wb") as file:
            for number in range(SIZE // SEGMENT_BYTES):
                file.write(cipher.encrypt(_nonce(number), os.urandom(PLAIN_BYTES), None))

        def raw() -> None:
            with raw_file.open("rb", buffering=0) as file:
                for number in range(SIZE // SEGMENT_BYTES):
                    cipher.decrypt(_nonce(number), file.read(SEGMENT_BYTES), None)

        return ratio(lambda: _read_ours(blobs), raw, rounds=ROUNDS)


@ROWS.row(goal=1.0)
def vault_read_vs_tink() -> float:
    """Reading 128 MiB from the store decrypted / the same bytes by Tink's own stream."""
    stream = tink_stream(KEY, segment_bytes=SEGMENT_BYTES)
    with _stored() as (folder, blobs):
        path = folder / "store" / "source"

        def theirs() -> None:
            with (
                path.open("rb") as file,
                stream.new_decrypting_stream(file, ABOUT) as decrypting,
            ):
                while decrypting.read(CHUNK):
                    pass

        return ratio(lambda: _read_ours(blobs), theirs, rounds=3)


def _read_ours(blobs: BlobStore) -> None:
    reader = io.BufferedReader(
        DecryptingReader(
            lambda offset, length: blobs.read_at("source", offset, length),
            ciphertext_size=blobs.size("source"),
            key=KEY,
            associated_data=ABOUT,
        ),
        64 * 1024,
    )
    with reader:
        while reader.read(CHUNK):
            pass


@contextmanager
def _stored() -> Iterator[tuple[Path, BlobStore]]:
    """Give a folder with a store that holds one encrypted blob."""
    with _folder() as folder:
        blobs = BlobStore.local(folder / "store")
        sealed = io.BytesIO()
        with EncryptingWriter(sealed, key=KEY, associated_data=ABOUT) as writer:
            for _ in range(SIZE // CHUNK):
                writer.write(os.urandom(CHUNK))
        blobs.put("source", io.BytesIO(sealed.getvalue()))
        yield folder, blobs


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)
