"""Own goals in a real browser and a real home: written, looked back at, served by a plan."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.component_house import ComponentHouse, component_house
from tests.browser.desk_fixtures import axe_violations
from tests.house import OWNER, SUPERVISOR, open_house
from tests.screens import speak

pytestmark = pytest.mark.browser

SENTENCE = "Den unge når at tænke færdig, inden jeg siger noget."


@pytest.fixture
def place(browser: Browser, tmp_path: Path) -> Iterator[ComponentHouse]:
    with ExitStack() as stack:
        house = open_house(stack, tmp_path / "home")
        for login in (OWNER, SUPERVISOR):
            speak(house, login, "da")
        yield stack.enter_context(component_house(house, browser))


def goals_page(place: ComponentHouse, login: str = OWNER, *, scheme: str = "light") -> Page:
    page = place.open(login, "goals", scheme=scheme, course=place.house.course.id)
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    return page


def write_by_keyboard(page: Page) -> None:
    """Write a goal and never touch the mouse."""
    page.get_by_role("button", name="Nyt mål").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Hvad vil du gerne kunne?")).to_be_focused()
    for text in (SENTENCE, "A fortæller selv", "Tæller til fem", "Ro"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=SENTENCE)).to_be_focused()


def test_a_goal_is_written_looked_back_at_and_read_by_the_supervisor_alone(
    place: ComponentHouse,
) -> None:
    place.house.hold_meeting(place.house.recording())
    page = goals_page(place)
    expect(page.get_by_text("Ingen mål endnu")).to_be_visible()
    write_by_keyboard(page)
    expect(page.get_by_text("Uge 13", exact=True)).to_be_visible()
    page.get_by_role("button", name="Se tilbage efter et gennemsyn").press("Enter")
    expect(page.get_by_label("Efter hvilket gennemsyn?")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Talte til fem")
    page.keyboard.press("Control+Enter")
    line = page.get_by_role("img", name="Uge 6: 4 af 10.")
    expect(line).to_be_visible()
    expect(page.locator(".lk")).to_have_text("Uge 64 af 10Talte til fem")
    assert axe_violations(page) == []

    supervisor = goals_page(place, SUPERVISOR, scheme="dark")
    expect(supervisor.get_by_role("heading", name="Mettes udviklingsmål")).to_be_visible()
    expect(supervisor.get_by_role("img", name="Uge 6: 4 af 10.")).to_be_visible()
    expect(supervisor.get_by_role("button")).to_have_count(0)
    assert axe_violations(supervisor) == []


def test_a_draft_survives_a_reload_and_is_forgotten_when_left(place: ComponentHouse) -> None:
    page = goals_page(place)
    page.get_by_role("button", name="Nyt mål").click()
    page.get_by_label("Hvad vil du gerne kunne?").fill("Halvt skrev")
    page.reload()
    page.get_by_role("button", name="Nyt mål").click()
    expect(page.get_by_label("Hvad vil du gerne kunne?")).to_have_value("Halvt skrev")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Nyt mål").click()
    expect(page.get_by_label("Hvad vil du gerne kunne?")).to_have_value("")


def test_laid_aside_a_goal_can_be_taken_back_and_erasing_asks_first(place: ComponentHouse) -> None:
    page = goals_page(place)
    write_by_keyboard(page)
    page.get_by_role("button", name="Læg til side").click()
    expect(page.get_by_text("Lagt til side: 1")).to_be_visible()
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_text("Lagt til side: 1")).to_be_hidden()
    page.get_by_role("button", name="Slet mål").click()
    page.get_by_role("button", name="Behold det").click()
    expect(page.get_by_role("heading", name=SENTENCE)).to_be_visible()
    page.get_by_role("button", name="Slet mål").click()
    page.get_by_role("dialog").get_by_role("button", name="Slet mål").click()
    expect(page.get_by_text("Ingen mål endnu")).to_be_visible()


def test_a_plan_works_towards_a_goal_and_keeps_its_words(place: ComponentHouse) -> None:
    house = place.house
    recording = house.recording()
    house.hold_meeting(recording)
    write_by_keyboard(goals_page(place))
    page = place.open(OWNER, "minutes", recording=recording)
    choice = page.get_by_label("Planen er på vej mod")
    choice.select_option(label=SENTENCE)
    expect(page.get_by_text("Gemt kl.")).to_be_visible()
    plan = house.desk(SUPERVISOR, recording)["minutes"]["plan"]
    assert plan["goal"] == SENTENCE
    assert plan["towards"]
    choice.select_option("")
    page.get_by_label("Målet med egne ord").fill("Jeg spørger kortere")
    expect(page.get_by_text(f"”{SENTENCE}”")).to_have_count(0)
    assert axe_violations(page) == []
