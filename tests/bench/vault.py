"""Rows of what encryption costs: writing, reading, and against another implementation."""

import io
import os
import random
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
READS, READ_BYTES = 2_000, 64 * 1024
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
            with (folder / "ours").open("wb", buffering=0) as file:
                _write(EncryptingWriter(file, key=KEY, associated_data=ABOUT), content)

        def raw() -> None:
            cipher = AESGCM(KEY)
            with (folder / "raw").open("wb", buffering=0) as file:
                for number, at in enumerate(range(0, SIZE, PLAIN_BYTES)):
                    file.write(cipher.encrypt(_nonce(number), content[at : at + PLAIN_BYTES], None))

        return ratio(ours, raw, rounds=ROUNDS)


@ROWS.row(goal=1.0)
def vault_write_vs_tink() -> float:
    """Writing 128 MiB encrypted into a file / the same bytes by Tink's own stream."""
    content = memoryview(os.urandom(SIZE))
    stream = tink_stream(KEY, segment_bytes=SEGMENT_BYTES)
    with _folder() as folder:

        def ours() -> None:
            with (folder / "ours").open("wb", buffering=0) as file:
                _write(EncryptingWriter(file, key=KEY, associated_data=ABOUT), content)

        def theirs() -> None:
            with (folder / "tink").open("wb") as file:
                _write(stream.new_encrypting_stream(file, ABOUT), content)

        return ratio(ours, theirs, rounds=3)


@ROWS.row(goal=2.0)
def vault_read_vs_raw() -> float:
    """Reading 128 MiB from the store decrypted / plain reads and AES-GCM by segments.

    The difference is copying: readers ask for other pieces than segments, and latest ones are kept.
    """
    with _stored() as (folder, blobs):
        raw_file, cipher = _sealed_by_hand(folder)

        def raw() -> None:
            with raw_file.open("rb", buffering=0) as file:
                for number in range(SIZE // SEGMENT_BYTES):
                    cipher.decrypt(_nonce(number), file.read(SEGMENT_BYTES), None)

        return ratio(lambda: _read_ours(blobs), raw, rounds=ROUNDS)


@ROWS.row(goal=1.5)
def vault_random_read_vs_raw() -> float:
    """2,000 reads of 64 KiB anywhere in 128 MiB / reading and decrypting their segments by hand.

    Tink's stream in Python cannot jump, so there is no row against it.
    """
    anywhere = random.Random(3)  # noqa: S311 - no secret
    places = [anywhere.randrange(SIZE - CHUNK) for _ in range(READS)]
    with _stored() as (folder, blobs):
        raw_file, cipher = _sealed_by_hand(folder)

        def ours() -> None:
            with _reader(blobs) as reader:
                for place in places:
                    reader.pread(place, READ_BYTES)

        def raw() -> None:
            with raw_file.open("rb", buffering=0) as file:
                for place in places:
                    first, within = divmod(place, PLAIN_BYTES)
                    last = (place + READ_BYTES - 1) // PLAIN_BYTES
                    plain = bytearray()
                    for number in range(first, last + 1):
                        sealed = os.pread(file.fileno(), SEGMENT_BYTES, number * SEGMENT_BYTES)
                        plain += cipher.decrypt(_nonce(number), sealed, None)
                    bytes(plain[within : within + READ_BYTES])

        return ratio(ours, raw, rounds=ROUNDS)


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
    with io.BufferedReader(_reader(blobs), 64 * 1024) as reader:
        while reader.read(CHUNK):
            pass


def _reader(blobs: BlobStore) -> DecryptingReader:
    return DecryptingReader(
        lambda offset, length: blobs.read_at("source", offset, length),
        ciphertext_size=blobs.size("source"),
        key=KEY,
        associated_data=ABOUT,
    )


def _write(writer: io.RawIOBase, content: memoryview) -> None:
    with writer:
        writer.writelines(content[at : at + CHUNK] for at in range(0, SIZE, CHUNK))


def _sealed_by_hand(folder: Path) -> tuple[Path, AESGCM]:
    """Return a file of segments, each sealed with AES-GCM and nothing else, and what opens it."""
    path, cipher = folder / "raw", AESGCM(KEY)
    with path.open("wb") as file:
        for number in range(SIZE // SEGMENT_BYTES):
            file.write(cipher.encrypt(_nonce(number), os.urandom(PLAIN_BYTES), None))
    return path, cipher


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
