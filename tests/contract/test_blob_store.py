"""What every blob store promises, in memory, in a folder and on S3."""

import os
import socket
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from storage.vault import blobs
from storage.vault.blobs import BlobRef, BlobStore
from storage.vault.errors import BlobExists, BlobMissing, StoreUnreachable

if TYPE_CHECKING:
    from tests.conftest import S3Endpoint

KINDS = ("memory", "local", "s3")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "memory":
        return BlobStore.memory()
    if request.param == "local":
        return BlobStore.local(tmp_path / "blobs")
    endpoint = request.getfixturevalue("s3_endpoint")
    return BlobStore.s3(
        endpoint.bucket,
        endpoint=endpoint.url,
        access_key_id=endpoint.access_key_id,
        secret_access_key=endpoint.secret_access_key,
        prefix=uuid4().hex,
    )


def in_pieces(content: bytes) -> Iterator[bytes]:
    for offset in range(0, len(content), 1 << 20):
        yield content[offset : offset + (1 << 20)]


class TestBlobStore:
    @pytest.mark.parametrize("size", [0, 1, 100_000])
    def test_a_blob_comes_back(self, store: BlobStore, size: int) -> None:
        content = os.urandom(size)
        assert store.put("r1/source/a", BytesIO(content)) == BlobRef("r1/source/a", size)
        assert store.size("r1/source/a") == size
        assert bytes(store.read_at("r1/source/a", 0, size + 10)) == content

    def test_a_large_blob_is_streamed_in_parts(
        self, store: BlobStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(blobs, "PART_BYTES", 5 << 20)
        content = os.urandom(11 << 20)
        assert store.put("r1/source/a", in_pieces(content)).size == len(content)
        assert (
            bytes(store.read_at("r1/source/a", (5 << 20) - 3, 6)) == (content[(5 << 20) - 3 :][:6])
        )

    def test_ranges_end_where_the_blob_ends(self, store: BlobStore) -> None:
        store.put("r1/source/a", BytesIO(b"0123456789"))
        assert bytes(store.read_at("r1/source/a", 2, 3)) == b"234"
        assert bytes(store.read_at("r1/source/a", 8, 5)) == b"89"
        assert bytes(store.read_at("r1/source/a", 10, 1)) == b""
        assert bytes(store.read_at("r1/source/a", 99, 1)) == b""
        assert bytes(store.read_at("r1/source/a", 3, 0)) == b""

    def test_what_fails_halfway_is_never_seen(self, store: BlobStore) -> None:
        def failing() -> Iterator[bytes]:
            yield bytes(9 << 20)
            assert list(store.list()) == []
            raise RuntimeError("the writer failed")

        with pytest.raises(RuntimeError, match="the writer failed"):
            store.put("r1/source/a", failing())
        assert list(store.list()) == []
        with pytest.raises(BlobMissing):
            store.size("r1/source/a")

    def test_a_missing_blob_is_named(self, store: BlobStore) -> None:
        with pytest.raises(BlobMissing, match="r1/source/none"):
            store.size("r1/source/none")
        with pytest.raises(BlobMissing, match="r1/source/none"):
            store.read_at("r1/source/none", 0, 10)

    def test_deleting_twice_is_no_error(self, store: BlobStore) -> None:
        store.put("r1/source/a", BytesIO(b"x"))
        store.put("r1/source/b", BytesIO(b"y"))
        store.delete("r1/source/a")
        store.delete("r1/source/a")
        assert [found.key for found in store.list()] == ["r1/source/b"]

    def test_blobs_are_listed_by_recording(self, store: BlobStore) -> None:
        for key in ("r1/source/a", "r1/proxy/b", "r10/source/c"):
            store.put(key, BytesIO(key.encode()))
        assert sorted(found.key for found in store.list("r1")) == ["r1/proxy/b", "r1/source/a"]
        assert {found.size for found in store.list("r10")} == {len("r10/source/c")}
        assert list(store.list("r2")) == []

    def test_a_name_is_used_once(self, store: BlobStore, tmp_path: Path) -> None:
        store.put("r1/source/a", BytesIO(b"first"))
        with pytest.raises(BlobExists):
            store.put("r1/source/a", BytesIO(b"second"))
        (tmp_path / "file").write_bytes(b"third")
        with pytest.raises(BlobExists):
            store.adopt(tmp_path / "file", key="r1/source/a")
        assert bytes(store.read_at("r1/source/a", 0, 10)) == b"first"
        assert (tmp_path / "file").exists()

    def test_a_finished_file_is_taken_over(self, store: BlobStore, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"finished")
        assert store.adopt(tmp_path / "file", key="r1/source/a") == BlobRef("r1/source/a", 8)
        assert not (tmp_path / "file").exists()
        assert bytes(store.read_at("r1/source/a", 0, 10)) == b"finished"

    @pytest.mark.parametrize(
        "key", ["", "/etc/passwd", "../up", "a/../b", "a//b", ".hidden", "a b"]
    )
    def test_a_name_that_leads_elsewhere_is_refused(self, store: BlobStore, key: str) -> None:
        with pytest.raises(ValueError, match="no name"):
            store.put(key, BytesIO(b"x"))


def test_a_bucket_that_does_not_exist_is_not_taken_for_a_missing_blob(
    s3_endpoint: "S3Endpoint",
) -> None:
    store = BlobStore.s3(
        "no-such-bucket",
        endpoint=s3_endpoint.url,
        access_key_id=s3_endpoint.access_key_id,
        secret_access_key=s3_endpoint.secret_access_key,
    )
    with pytest.raises(StoreUnreachable):
        store.put("r1/source/a", BytesIO(b"x"))


def test_an_unreachable_store_is_named_without_its_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blobs, "RETRIES", 0)
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    store = BlobStore.s3(
        "bucket",
        endpoint=f"http://127.0.0.1:{port}",
        access_key_id="the-key-id",
        secret_access_key="the-secret",
    )
    with pytest.raises(StoreUnreachable) as caught:
        store.size("r1/source/a")
    assert "the-secret" not in str(caught.value) + repr(store) + repr(caught.value.__cause__)
