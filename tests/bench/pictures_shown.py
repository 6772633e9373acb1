"""When a browser showed which picture of a film, and how far apart two browsers were.

What is compared is what the film itself tells of each picture that is put on the screen
(``requestVideoFrameCallback``), on the clock that all browsers of one machine share. Nothing that
the app says of itself counts.
"""

import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from playwright.sync_api import Locator, Page

Shown = dict[int, float]
"""When a picture was shown, in ms since 1970, by its place in the film in microseconds."""

PICTURES_PER_CYCLE: Final = 5
"""A screen of 60 Hz shows pictures of 25 Hz two and three times by turns; after five, two screens
have rounded alike, so only the mean of as many says how far apart two films are."""
PICTURE_US: Final = 40_000
_WATCH: Final = """(video) => {
  window.watched = { shown: [], last: 0, pauses: [], keys: [] };
  const now = (at) => performance.timeOrigin + at;
  const next = (_, { expectedDisplayTime, mediaTime }) => {
    watched.last = Math.round(mediaTime * 1e6);
    watched.shown.push([watched.last, now(expectedDisplayTime)]);
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  video.addEventListener("pause", () => watched.pauses.push(now(performance.now())));
  const pressed = ({ timeStamp }) => watched.keys.push(now(timeStamp));
  addEventListener("keydown", pressed, { capture: true });
}"""


def watch(video: Locator) -> None:
    """Begin to note in a page what is shown, when it pauses, and when keys are pressed."""
    video.evaluate(_WATCH)


def shown_since(page: Page) -> Shown:
    """Return what was shown since this was asked last."""
    return dict(page.evaluate("() => watched.shown.splice(0)"))


def apart_ms(first: Shown, second: Shown) -> list[float]:
    """Return how many ms apart two browsers showed the same pictures, at each moment of a play."""
    both = [first[place] - second[place] for place in sorted(first.keys() & second.keys())]
    ends = range(PICTURES_PER_CYCLE, len(both) + 1)
    return [abs(statistics.mean(both[end - PICTURES_PER_CYCLE : end])) for end in ends]


def last_shown(page: Page) -> int:
    """Return which picture was shown last, by its place in the film in microseconds."""
    place: int = page.evaluate("() => watched.last")
    return place


def pictures_apart(first: int, second: int) -> int:
    """Return how many pictures lie between two places."""
    return abs(round((first - second) / PICTURE_US))


def share_alike(apart: Sequence[int]) -> float:
    """Return in how many of a hundred cases no picture lay between two."""
    return 100 * apart.count(0) / len(apart)


def moved_at(shown: Shown, *, stood: int) -> float:
    """Return when the first picture was shown that came with the film's own pace.

    Args:
        shown: What was shown from the still picture on.
        stood: The place of the still picture, in microseconds.
    """
    in_order = [(stood, 0.0), *sorted(shown.items(), key=lambda each: each[1])]
    for (before, _), (place, at) in pairwise(in_order):
        if before < place <= before + 3 * PICTURE_US:
            return at
    raise AssertionError("the film did not move")


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 % do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
