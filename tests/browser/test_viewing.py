"""Which seconds ran, as a real browser tells them; the emergency film; taking a copy out."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.running_film import VIDEO, run_slowly
from tests.browser.test_desk_component import loaded, stand_at

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

SLOWLY = 0.25
"""So slow that the film does not get far while a busy machine stands still."""


def test_in_a_small_window_film_and_control_are_seen_together(open_page: Open) -> None:
    page, _ = open_page(width=819, height=512)  # 1024 by 640 at 125 per cent
    expect(page.locator("video")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Afspil", exact=True).first).to_be_in_viewport(ratio=1)


def test_the_seconds_that_ran_are_told_and_no_others(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    stand_at(page, 10)
    run_slowly(page, rate=SLOWLY)
    page.wait_for_function(f"() => {VIDEO}.currentTime > 10.5")
    left_at_ms = page.evaluate(
        f"() => {{ const at = {VIDEO}.currentTime; {VIDEO}.currentTime = 40; return at * 1000; }}"
    )
    page.wait_for_function(f"() => {VIDEO}.currentTime > 40.3")
    page.keyboard.press("k")
    until(page, lambda: server.viewed)
    (told,) = server.viewed
    (first, second) = told["spans"]
    assert told["over"] is True
    assert abs(first[0] - 10_000) < 200
    assert 10_400 <= first[1] < left_at_ms + 500
    assert abs(second[0] - 40_000) < 300
    assert 40_200 <= second[1] < page.evaluate(f"() => {VIDEO}.currentTime * 1000") + 500


def test_what_ran_is_told_when_the_page_is_left(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    stand_at(page, 5)
    page.keyboard.press("k")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 6")
    page.goto("about:blank")
    until(page, lambda: server.viewed)
    (told,) = server.viewed
    assert told["over"] is True
    assert told["spans"][0][1] >= 5_900


def test_an_emergency_shows_film_and_controls_and_tells_what_ran(open_page: Open) -> None:
    page, server = open_page("emergency")
    expect(page.locator("video")).to_be_attached()
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    page.evaluate(f"() => {{ {VIDEO}.playbackRate = {SLOWLY}; }}")
    page.get_by_role("button", name="Afspil").click()
    page.wait_for_function(f"() => {VIDEO}.currentTime > 0.4")
    page.get_by_role("button", name="Pause").click()
    until(page, lambda: server.viewed)
    assert server.viewed[0]["spans"][0][0] < 300
    assert axe_violations(page) == []


def test_a_copy_can_be_asked_for_only_where_the_site_allows_it(open_page: Open) -> None:
    page, _ = open_page()
    loaded(page)
    expect(page.get_by_role("button", name="Tag en kopi ud")).to_have_count(0)
    page, server = open_page(extra={"export_reasons": {"court": "En domstol har krævet den"}})
    loaded(page)
    assert axe_violations(page) == []
    page.get_by_role("button", name="Tag en kopi ud").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Hvorfor der er brug for den")).to_have_value("court")
    expect(dialog.get_by_label("En kopi af")).to_have_value("film")
    dialog.get_by_role("button", name="Tag en kopi ud").click()
    until(page, lambda: server.copies)
    assert server.copies == [{"what": "film", "reason": "court"}]
    expect(dialog).to_have_count(0)
