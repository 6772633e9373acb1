"""The arithmetic of ``components/sync.js``, for simulated windows.

``test_room_simulated.py`` holds the two against each other.
"""

from typing import Any

_KEEP = 16
_QUICKEST = 3
_IN_STEP_MS = 15
_JUMP_MS = 600
_TIME_CONSTANT_MS = 1000
_MAX_RATE_CHANGE = 0.1


class Clock:
    """How far the server's clock is ahead of a window's."""

    def __init__(self) -> None:
        self.offset_ms = 0.0
        self.rtt_ms = 0.0
        self._samples: list[tuple[float, float]] = []

    def add(self, asked: float, heard: float, answered: float, now: float) -> None:
        """Take one ping: sent and received back by our clock, heard and answered by theirs."""
        rtt = now - asked - (answered - heard)
        self._samples.append((rtt, (heard - asked + (answered - now)) / 2))
        self._samples = self._samples[-_KEEP:]
        best = sorted(self._samples, key=lambda sample: sample[0])[:_QUICKEST]
        self.offset_ms = sum(offset for _, offset in best) / len(best)
        self.rtt_ms = best[0][0]

    @property
    def count(self) -> int:
        """How many pings it knows."""
        return len(self._samples)

    @property
    def ready(self) -> bool:
        """Whether it knows enough to start a film by."""
        return self.count >= _QUICKEST


def target(state: dict[str, Any], server_ms: float) -> float:
    """Return where the film should stand, in ms."""
    since = max(0.0, server_ms - state["at_ms"]) if state["playing"] else 0.0
    place: float = state["pos_ms"] + since * state["rate"]
    return place


def correct(drift_ms: float, rate: float) -> tuple[bool, float]:
    """Return whether to jump, and the rate to play at."""
    if abs(drift_ms) > _JUMP_MS:
        return True, rate
    if abs(drift_ms) < _IN_STEP_MS:
        return False, rate
    change = max(-_MAX_RATE_CHANGE, min(_MAX_RATE_CHANGE, -drift_ms / _TIME_CONSTANT_MS))
    return False, rate * (1 + change)
