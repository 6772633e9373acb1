"""Rows of one joint review that goes on and on while lines are cut and people come and go.

Two minutes, or as many as ``SAMSPIL_BENCH_SOAK_MINUTES`` says; thirty show what a meeting does.
What the first quarter took is for getting warm, and is what the rest is compared with.
"""

import asyncio
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from tests.bench.many_rooms import leave, seat_in
from tests.bench.measures import memory_mib
from tests.bench.pictures_shown import apart_ms, pictures_apart, share_alike, shown_since
from tests.bench.rows import ROWS, Better
from tests.bench.running_app import CASEWORKER, SUPERVISOR, RunningApp, running_app
from tests.bench.together import (
    FAR,
    PATIENT_MS,
    enter,
    launched,
    played,
    signed_in,
    standing,
)
from tests.delayed_line import DelayedLine, delayed_line

MINUTES: Final = float(os.environ.get("SAMSPIL_BENCH_SOAK_MINUTES", "2"))
WARM_SHARE: Final = 0.25
MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Round:
    """What was measured in one turn of playing, losing a line and coming back."""

    apart_ms: float
    pictures_apart: int
    server_mib: float
    page_mib: float


@dataclass(slots=True)
class Soak:
    """All rounds, in order."""

    rounds: list[Round] = field(default_factory=list)

    def halves(self) -> tuple[list[Round], list[Round]]:
        """Return the rounds right after getting warm, and as many at the end."""
        warm = self.rounds[round(len(self.rounds) * WARM_SHARE) :]
        half = max(1, len(warm) // 2)
        return warm[:half], warm[-half:]


@ROWS.row(goal=8, unit="MiB", takes_long=True)
def room_soak_server_growth() -> float:
    """What the server holds more in the last rounds of a soak with cut lines than once warm."""
    before, after = _soak().halves()
    return min(each.server_mib for each in after) - min(each.server_mib for each in before)


@ROWS.row(goal=4, unit="MiB", takes_long=True)
def room_soak_page_growth() -> float:
    """What a page holds more at the end of a soak, its garbage collected, than once warm."""
    before, after = _soak().halves()
    return min(each.page_mib for each in after) - min(each.page_mib for each in before)


@ROWS.row(goal=5, unit="ms", takes_long=True)
def room_soak_drift_growth() -> float:
    """How much farther apart two films are in the last rounds of a soak than once warm, median."""
    before, after = (statistics.median(each.apart_ms for each in some) for some in _soak().halves())
    return after - before


@ROWS.row(goal=100, better=Better.HIGHER, unit="%", takes_long=True)
def room_soak_paused_alike() -> float:
    """Pauses of a soak after which both screens show the very same picture / all of them."""
    return share_alike([each.pictures_apart for each in _soak().rounds])


@cache
def _soak() -> Soak:
    soak = Soak()
    with running_app() as app, ExitStack() as stack:
        chromium = stack.enter_context(sync_playwright()).chromium
        pages: list[Page] = []
        lines: list[DelayedLine] = []
        for number, login in enumerate((CASEWORKER, SUPERVISOR)):
            line = stack.enter_context(delayed_line(app.port, delay_ms=FAR, seed=number))
            browser = stack.enter_context(launched(chromium))
            pages.append(signed_in(browser, app, login=login, port=line.port))
            lines.append(line)
            enter(pages[-1], app)
        heaps = [page.context.new_cdp_session(page) for page in pages]
        ends_at = time.monotonic() + MINUTES * 60
        number = 0
        while time.monotonic() < ends_at:
            soak.rounds.append(_round(app, (pages[0], pages[1]), lines, heaps, number=number))
            number += 1
    return soak


def _round(
    app: RunningApp,
    pages: tuple[Page, Page],
    lines: list[DelayedLine],
    heaps: list[CDPSession],
    *,
    number: int,
) -> Round:
    """Play, lose a line, let somebody come late, pause, sometimes reload, and go back."""
    leader = pages[1]
    shown = played(pages, lambda: pages[number % 2].keyboard.press("k"))
    lines[number % 2].cut()
    with ThreadPoolExecutor(1) as pool:  # in this thread the browsers' own loop is running
        pool.submit(lambda: asyncio.run(_come_and_go(app))).result()
    expect(pages[number % 2].locator(".notice", has_text="Forbindelsen er væk")).to_be_hidden(
        timeout=PATIENT_MS
    )
    if not leader.locator("video").evaluate("(video) => video.paused"):
        leader.keyboard.press("k")
    stood = [standing(page) for page in pages]
    if number % 4 == 3:
        pages[0].reload()
        enter(pages[0], app)
    leader.keyboard.press("r")  # from the start of the sequence, so that the film never ends
    time.sleep(1)
    leader.keyboard.press("k")
    for page in pages:
        standing(page)
        shown_since(page)
    return Round(
        statistics.median(apart_ms(*shown)),
        pictures_apart(*stood),
        memory_mib(app.process),
        max(_heap_mib(heap) for heap in heaps),
    )


async def _come_and_go(app: RunningApp) -> None:
    """Come in as a third window in the middle of it all, listen for a while, and go."""
    late = await seat_in(app, app.recordings[0], CASEWORKER)
    listening = asyncio.create_task(late.listen())
    await asyncio.sleep(2)
    await leave([late], [listening])


def _heap_mib(session: CDPSession) -> float:
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / MIB
