"""The arithmetic of ``components/sync.js``, for simulated windows.

``test_room_simulated.py`` holds the two against each other.
"""

from typing import Any, NamedTuple

_KEEP = 32
_QUICKEST = 3
_IN_STEP_MS = 4
_JUMP_MS = 600
_LOOKS = 8
_SETTLING_MS = 120
_NEAR_MS = 50
_GENTLE_CHANGE = 0.05
_MOST_CHANGE = 0.1
_SHORTEST_CHANGE_MS = 100
_LARGEST_LOSS_MS = 60


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
    place: float = state["pos_ms"] + since * state["pace"]
    return place


class Advice(NamedTuple):
    """What to do about a film: jump, or play by a share of its rate faster for so many ms."""

    drift_ms: float
    jump: bool = False
    change: float = 0.0
    for_ms: float = 0.0


class Pace:
    """What to do about a film that is not where it should be."""

    def __init__(self) -> None:
        self._looks: list[float] = []
        self._from_ms = float("-inf")
        self._changed = False
        self._loss_ms = 0.0

    def anew(self, now_ms: float) -> None:
        """Forget the looks: the film starts, jumps or stands."""
        self._looks = []
        self._from_ms = now_ms + _SETTLING_MS
        self._changed = False

    def look(self, drift_ms: float, now_ms: float) -> Advice | None:
        """Take one look; after some, say what to do."""
        if now_ms < self._from_ms:
            return None
        if abs(drift_ms) > _JUMP_MS:
            return Advice(drift_ms, jump=True)
        self._looks.append(drift_ms)
        if len(self._looks) < _LOOKS:
            return None
        drift = sum(self._looks) / _LOOKS
        self._looks = []
        if self._changed:
            self._loss_ms = max(0.0, min(_LARGEST_LOSS_MS, self._loss_ms - drift / 2))
        self._changed = False
        if abs(drift) <= _IN_STEP_MS:
            return Advice(drift)
        gain = self._loss_ms - drift
        near = abs(gain) <= _NEAR_MS
        change = _GENTLE_CHANGE if near else _MOST_CHANGE
        for_ms = max(_SHORTEST_CHANGE_MS, abs(gain) / change)
        self._from_ms = now_ms + for_ms + _SETTLING_MS
        self._changed = near
        return Advice(drift, change=gain / for_ms, for_ms=for_ms)


class StartCost:
    """How long a film takes from being asked to moving: the middle of the last three times."""

    def __init__(self) -> None:
        self.ms = 100.0
        self._last = [self.ms, self.ms]

    def learn(self, drift_ms: float) -> None:
        """Take how far ahead of its time a film was that had just begun."""
        took = min(250.0, max(0.0, self.ms - drift_ms))
        self._last = [*self._last[-2:], took]
        self.ms = sorted(self._last)[1]
