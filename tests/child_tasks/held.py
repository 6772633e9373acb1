"""A file in memory of which ranges are read, as the vault's readers let them."""


class Held:
    """Bytes, and which ranges of them were asked for."""

    def __init__(self, content: bytes = b"") -> None:
        self._content = content
        self.asked: list[tuple[int, int]] = []

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return len(self._content)

    def pread(self, offset: int, length: int, /) -> bytes:
        """Return a range."""
        self.asked.append((offset, length))
        return self._content[offset : offset + length]
