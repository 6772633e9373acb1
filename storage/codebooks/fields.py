"""Reading of untrusted TOML tables field by field, so that every error names its place."""

from collections.abc import Iterator
from typing import Any

from storage.codebooks.errors import CodebookInvalid


class Fields:
    """One table of a codebook being read. What is never asked for is unknown.

    Args:
        untrusted: The table as parsed.
        place: Where it stands in the file; empty for the file itself.
    """

    def __init__(self, untrusted: object, *, place: str) -> None:
        self.place = place
        self._untrusted: dict[str, Any] = {}
        if not isinstance(untrusted, dict):
            raise self.error("", "a table is needed")
        self._untrusted = untrusted
        self._asked: set[str] = set()

    def error(self, name: str, reason: str) -> CodebookInvalid:
        """Return an error about one field, for the caller to raise."""
        return CodebookInvalid(place=self.at(name), reason=reason)

    def at(self, name: str) -> str:
        """Return the place of a field."""
        return ".".join(part for part in (self.place, name) if part) or "the codebook"

    def __contains__(self, name: str) -> bool:
        return name in self._untrusted

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a line of words; it may only be left out where there is a default."""
        value = self._take(name, default)
        if not isinstance(value, str):
            raise self.error(name, "text in quotes is needed")
        if not value and default is None:
            raise self.error(name, "is empty")
        return value

    def whole(self, name: str, *, least: int, default: int | None = None) -> int:
        """Return a whole number that is not below the least."""
        value = self._take(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.error(name, f"a whole number from {least} is needed")
        return value

    def share(self, name: str, *, default: float | None = None) -> float:
        """Return a number from 0 to 1."""
        value = self._take(name, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            raise self.error(name, "a number from 0 to 1 is needed")
        return float(value)

    def is_set(self, name: str) -> bool:
        """Return a yes or no; left out it is a no."""
        value = self._take(name, default=False)
        if not isinstance(value, bool):
            raise self.error(name, "true or false is needed")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of words; empty where the field is left out."""
        value = self._take(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(name, "a list of texts in quotes is needed")
        return tuple(value)

    def table(self, name: str) -> "Fields":
        """Return a table inside this one."""
        return Fields(self._take(name, None), place=self.at(name))

    def items(self, name: str) -> Iterator[tuple[str, object]]:
        """Yield each item of a list with its place; nothing where the field is left out."""
        value = self._take(name, [])
        if not isinstance(value, list):
            raise self.error(name, "a list is needed")
        for number, item in enumerate(value, start=1):
            yield f"{self.at(name)}[{number}]", item

    def tables(self) -> Iterator[tuple[str, "Fields"]]:
        """Yield every table in here by its name."""
        for name in self._untrusted:
            yield name, self.table(name)

    def check_nothing_left(self) -> None:
        """Refuse fields that nobody asked for: a misspelled one would be silently ignored."""
        for name in self._untrusted:
            if name not in self._asked:
                raise self.error(name, "is not a field of a codebook")

    def _take(self, name: str, default: object) -> object:
        self._asked.add(name)
        if name not in self._untrusted and default is None:
            raise self.error(name, "is missing")
        return self._untrusted.get(name, default)
