"""How often codes may be tried from one address.

Eighty random bits cannot be guessed; the limit keeps the server free for those who have a code.
Only wrong codes count, so a school or an office behind one address is not shut out. There is no
limit on everybody together: whoever reached it would shut out all who have a right code.
"""

import ipaddress
import time
from collections import deque
from collections.abc import Callable
from typing import Final

WINDOW_S: Final = 300.0
PER_ADDRESS: Final = 10
MOST_ADDRESSES: Final = 10_000
_NETWORK_BITS: Final = 64


class Tries:
    """Remembers wrong codes for some minutes, in memory only.

    Of very many addresses those that began to try first are forgotten first.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, deque[float]] = {}

    def may_try(self, address: str) -> bool:
        """Return whether a code from an address is looked at now; if so, it counts as wrong.

        It is counted before it is known to be wrong, so that many at once are not let through.
        """
        now = self._clock()
        who = _neighbourhood(address)
        mine = self._wrong.get(who, deque())
        while mine and mine[0] <= now - WINDOW_S:
            mine.popleft()
        if len(mine) >= PER_ADDRESS:
            return False
        if who not in self._wrong and len(self._wrong) >= MOST_ADDRESSES:
            del self._wrong[next(iter(self._wrong))]
        self._wrong.setdefault(who, mine).append(now)
        return True

    def was_right(self, address: str) -> None:
        """Take back that the latest try counts."""
        who = _neighbourhood(address)
        mine = self._wrong.get(who)
        if mine:
            mine.pop()
            if not mine:
                del self._wrong[who]


def _neighbourhood(address: str) -> str:
    """Return whom an address belongs to: of IPv6 the network, for one home has all its ends."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
    return address
