"""A file's way into the vault: written beside the store, published whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

from storage.vault.blobs import BlobRef
from storage.vault.errors import VaultError
from storage.vault.files import PrivateFile
from storage.vault.stream import SealingWriter

Writer = TypeVar("Writer", bound=SealingWriter)


class Deposit(Generic[Writer]):
    """One file on its way into the vault.

    ``with deposit as writer:`` publishes what was written when the block ends well, and
    leaves no trace when it does not. Then ``deposit.ref`` names it.
    """

    def __init__(
        self,
        path: Path,
        *,
        begin: Callable[[PrivateFile], Writer],
        publish: Callable[[Path], BlobRef],
    ) -> None:
        self._path = path
        self._begin = begin
        self._publish = publish
        self._ref: BlobRef | None = None

    @property
    def ref(self) -> BlobRef:
        """Return the published blob.

        Raises:
            VaultError: Nothing was published.
        """
        if self._ref is None:
            raise VaultError("the deposit was not published")
        return self._ref

    def __enter__(self) -> Writer:
        """Return the writer."""
        self._file = PrivateFile(self._path, "xb")
        try:
            self._writer = self._begin(self._file)
        except BaseException:
            self._discard()
            raise
        return self._writer

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Publish after success, leave no trace after an exception."""
        try:
            if kind is None:
                self._writer.close()
            self._writer.abandon()
            if kind is None and self._writer.sealed:
                self._file.sync()
                self._ref = self._publish(self._path)
        finally:
            self._discard()

    def _discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
