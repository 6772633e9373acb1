"""What is round every page: its language, the link that skips the menu, the name in the header."""

import io
from collections.abc import Iterator

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_fixtures import axe_violations
from tests.browser.house import APP_ALONE, House, running_house

pytestmark = pytest.mark.browser

_DARK = 128
_READABLE = 4.5
"""Contrast of text, by WCAG 2.2, success criterion 1.4.3."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house"), command=APP_ALONE) as house:
        yield house


def luminance(picture: np.ndarray) -> np.ndarray:
    """Return the relative luminance of each point of an RGB picture (WCAG 2.2)."""
    share = picture / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast_of_the_name(page: Page) -> float:
    """Return the contrast between the word in the logo and what it stands on."""
    logo = page.get_by_test_id("stHeaderLogo")
    expect(logo).to_be_visible()
    logo.evaluate("(image) => image.decode()")
    with av.open(io.BytesIO(logo.screenshot())) as picture:
        drawn = next(picture.decode(video=0)).to_ndarray(format="rgb24")
    word = luminance(drawn[:, drawn.shape[1] * 2 // 5 :])
    return float((word.max() + 0.05) / (word.min() + 0.05))


def test_the_page_says_its_language_and_so_does_the_link_that_skips_the_menu(
    house: House, browser: Browser
) -> None:
    with house.signed_in(browser, "mette") as page:
        skips = page.get_by_test_id("stSkipToContent")
        expect(skips).to_have_text("Gå til indholdet")
        expect(page.locator("html")).to_have_attribute("lang", "da")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_visible()
        skips.focus()
        expect(skips).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("stMain")).to_be_focused()


def test_what_streamlit_names_is_named_in_the_readers_language(
    house: House, browser: Browser
) -> None:
    with house.signed_in(browser, "mette") as page:
        menu = page.get_by_role("navigation", name="Sider")
        expect(menu).to_be_visible()
        menu.get_by_role("link", name="Ny optagelse").click()
        expect(page.get_by_role("combobox", name="Person 1")).to_have_attribute(
            "placeholder", "Vælg"
        )
        expect(page.get_by_role("button", name="Vis, hvad der kan vælges")).not_to_have_count(0)
        named = page.locator("[aria-label], [placeholder], [alt]")
        said = named.evaluate_all(
            "all => all.flatMap(each => [each.ariaLabel, each.placeholder, each.alt])"
        )
        assert not {*said} & {"App pages", "Navigate to home page", "Logo", "Open", "Close"}
        page.get_by_role("button", name="Til forsiden").click()
        expect(page.get_by_role("heading", name="Mine optagelser")).to_be_visible()
        expect(menu).to_be_visible()


@pytest.mark.parametrize("address", ["cohort", "nowhere", "abc/def", "desk/def?recording=1"])
def test_an_address_that_leads_nowhere_is_told_in_the_readers_language(
    house: House, browser: Browser, address: str
) -> None:
    with house.signed_in(browser, "mette") as page:
        page.goto(f"{house.address}/{address}")
        expect(page.get_by_role("heading", name="Du har ikke adgang")).to_be_visible()
        page.get_by_role("link", name="Til forsiden").click()
        expect(page.get_by_role("heading", name="Mine optagelser")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_first_page_has_an_address_of_its_own_too(house: House, browser: Browser) -> None:
    with house.signed_in(browser, "mette") as page:
        page.goto(f"{house.address}/recordings")
        expect(page.get_by_role("heading", name="Mine optagelser")).to_be_visible()
        expect(page).to_have_url(f"{house.address}/")
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("address", ["", "course"])
def test_a_page_is_printed_dark_on_white_and_without_what_is_pressed(
    house: House, browser: Browser, address: str
) -> None:
    with house.signed_in(browser, "mette") as page:
        page.emulate_media(media="print", color_scheme="dark")
        page.goto(f"{house.address}/{address}")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(255, 255, 255)")
        for each in page.get_by_role("heading").all():
            red, green, blue = each.evaluate("e => getComputedStyle(e).color.match(/[0-9]+/g)")
            assert max(int(red), int(green), int(blue)) < _DARK


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_streamlit_draws_can_be_read_and_is_not_cut(
    house: House, browser: Browser, scheme: str
) -> None:
    with house.signed_in(browser, "mette") as page:
        page.set_viewport_size({"width": 1152, "height": 720})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{house.address}/new")
        expect(page.get_by_role("button", name="Videre til filmen")).to_be_visible()
        drawn = page.get_by_test_id("stApp")  # what is drawn anew is pale until it is done
        expect(drawn).to_have_attribute("data-test-script-state", "notRunning")
        role = page.get_by_role("combobox", name="Person 1")
        assert role.evaluate("each => each.scrollWidth <= each.clientWidth")
        assert [each for each in axe_violations(page) if "contrast" in each] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_name_in_the_header_can_be_read(house: House, browser: Browser, scheme: str) -> None:
    with house.signed_in(browser, "mette") as page:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.reload()
        assert contrast_of_the_name(page) > _READABLE
