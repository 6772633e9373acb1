"""Media engines on encrypted files: plaintext exists in memory only."""

import io
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.engines.ffmpeg import encode
from pipeline.engines.pictures import look_through
from pipeline.engines.probing import Way, probe
from pipeline.engines.remux import remux
from pipeline.engines.sound import decode, store_flac, whole
from storage.vault.errors import TamperedBlob
from storage.vault.stream import DecryptingReader, EncryptingWriter
from storage.vault.window import WindowedEncryptingWriter
from tests import films

KEY, ABOUT = b"k" * 32, b"recording|role"


class Vault:
    """Encrypted files in a folder."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        self.folder = folder
        self.files = files

    def keep(self, name: str, data: bytes) -> None:
        with (
            (self.folder / name).open("wb") as sink,
            EncryptingWriter(sink, key=KEY, associated_data=ABOUT) as writer,
        ):
            writer.write(data)

    def writer(self, name: str) -> WindowedEncryptingWriter:
        sink = self.files.enter_context((self.folder / name).open("wb", buffering=0))
        return WindowedEncryptingWriter(sink, key=KEY, associated_data=ABOUT)

    def reader(self, name: str) -> DecryptingReader:
        file = os.open(self.folder / name, os.O_RDONLY)
        self.files.callback(os.close, file)
        return DecryptingReader(
            lambda offset, length: os.pread(file, length, offset),
            ciphertext_size=os.fstat(file).st_size,
            key=KEY,
            associated_data=ABOUT,
        )


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with ExitStack() as files:
        yield Vault(tmp_path, files)


@pytest.mark.parametrize("way", ["encode", "copy"])
def test_a_film_goes_through_encrypted_from_end_to_end(vault: Vault, way: str) -> None:
    film = films.phone_film(channels=2)
    vault.keep("source", film)
    found = probe(vault.reader("source"), size=len(film))
    make = encode if way == "encode" else remux
    with vault.writer("proxy") as writer:
        make(vault.reader("source"), writer, probe=found, progress=lambda _: None)
    copy = vault.reader("proxy").readall()
    made = probe(vault.reader("proxy"), size=len(copy))
    assert made.browser_playable().way is Way.COPY
    assert films.boxes(copy).index(b"moov") < films.boxes(copy).index(b"mdat")
    with vault.writer("sound") as writer:
        chunks = decode(vault.reader("source"), duration_ms=2000, progress=lambda _: None)
        assert store_flac(chunks, writer) == pytest.approx(2000, abs=30)
    sound = whole(decode(vault.reader("sound"), duration_ms=2000, progress=lambda _: None))
    assert sound.shape[0] == 2
    pictures = look_through(vault.reader("proxy"), duration_ms=2000, progress=lambda _: None)
    assert pictures.strip.count == 2
    for file in vault.folder.iterdir():
        stored = file.read_bytes()
        assert b"ftyp" not in stored[:4096]
        assert b"fLaC" not in stored[:4096]


def test_a_writer_given_up_halfway_leaves_nothing_that_opens(vault: Vault) -> None:
    film = films.phone_film()

    class Gone(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > len(film) // 2:
                raise PermissionError
            return super().read(min(size or 0, 20_000))

    found = probe(io.BytesIO(film), size=len(film))
    with pytest.raises(PermissionError), vault.writer("proxy") as writer:
        encode(Gone(film), writer, probe=found, progress=lambda _: None)
    with pytest.raises(TamperedBlob):
        vault.reader("proxy")
