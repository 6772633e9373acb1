"""How long something took, less what a busy machine added: for promises that name a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

STEP_S = 0.01


@contextmanager
def fair_clock() -> Iterator[Callable[[], float]]:
    """Give what tells the seconds since now in which a thread that waits was woken.

    When nothing else runs it goes as any clock. On a busy machine that thread is woken late, as
    is what it is compared with, and a step counts as one however long it took.
    """
    over = Event()
    steps = 0

    def count() -> None:
        nonlocal steps
        while not over.wait(STEP_S):
            steps += 1

    thread = Thread(target=count, daemon=True)
    thread.start()
    try:
        yield lambda: steps * STEP_S
    finally:
        over.set()
        thread.join()
