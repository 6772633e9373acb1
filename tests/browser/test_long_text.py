"""A text of three hours costs the desk no more per picture than a short one does."""

import pytest
from playwright.sync_api import Page

from tests.browser.desk_document import a_document, many_turns
from tests.browser.desk_fixtures import Open, film, open_page
from tests.browser.test_desk_component import loaded

__all__ = ["film", "open_page"]

# Only Chromium tells a page's processor time.
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("only_chromium")]

PICTURES = 60
_RUN_ON = """(pictures) => new Promise((resolve) => {
  const next = () => (--pictures ? requestAnimationFrame(next) : resolve());
  requestAnimationFrame(next);
})"""


def cost_of_following(page: Page) -> float:
    """Return how much processor time some pictures take while the text follows the film."""
    loaded(page)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.keyboard.press("k")
    page.evaluate(_RUN_ON, PICTURES)
    before = _used(session.send("Performance.getMetrics"))
    page.evaluate(_RUN_ON, PICTURES)
    return _used(session.send("Performance.getMetrics")) - before


def _used(told: dict[str, list[dict[str, float]]]) -> float:
    return next(each["value"] for each in told["metrics"] if each["name"] == "TaskDuration")


def test_following_a_long_text_costs_little_more_than_a_short_one(open_page: Open) -> None:
    costs = []
    for turns in (40, 4_000):
        page, _ = open_page(document=a_document(turns=many_turns(turns, 900)))
        costs.append(cost_of_following(page))
        page.close()
    print(f"4,000 turns / 40 turns: {costs[1] / costs[0]:.2f}")  # noqa: T201
    assert costs[1] < 2.2 * costs[0]
