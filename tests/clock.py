"""A clock for tests, apart from the house: a served program needs it and nothing else of that."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Clock:
    """A clock that goes on only when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **span: float) -> None:
        self.now += timedelta(**span)
