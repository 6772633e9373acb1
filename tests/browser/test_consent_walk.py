"""A caseworker asks everyone in a conversation, in a real browser and in Danish."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.house import House, running_house
from tests.browser.test_whole_cycle import choose, recording_of

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("only_chromium")]

ERASED_WITHIN_S = 300
PAPER: FilePayload = {
    "name": "samtykke-Ida-Olsen.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7 signed",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as house:
        yield house


def test_everyone_is_asked_and_a_no_counts(house: House, browser: Browser) -> None:
    with house.signed_in(browser, "mette") as page:
        recording = name_everyone(page, house)
        write_down_a_paper(page, house, recording)
        show_a_code(page)
        one_says_no(page, house, recording)
        withdraw(page, house, recording)


def name_everyone(page: Page, house: House) -> str:
    page.goto(f"{house.address}/new")
    page.get_by_label("Den unges fødselsdato").fill("8.3.2012")
    choose(page, "Grundlag", "Fælles forældremyndighed")
    page.get_by_role("button", name="Videre til filmen").click()
    expect(page.get_by_text("Fælles forældremyndighed har to indehavere")).to_be_visible()
    page.get_by_role("button", name="Nævn en person mere").click()
    choose(page, "Person 2", "Forældremyndighedsindehaver")
    page.get_by_label("Grundlag", exact=True).nth(1).click()
    page.get_by_role("option", name="Fælles forældremyndighed").click()
    expect(page.get_by_text("Disse skal sige ja: 4")).to_be_visible()
    expect(page.get_by_text("Den unge, 1")).to_be_visible()
    page.get_by_role("button", name="Videre til filmen").click()
    expect(page).to_have_url(re.compile("recording="))
    return recording_of(page)


def write_down_a_paper(page: Page, house: House, recording: str) -> None:
    page.goto(f"{house.address}/consent?recording={recording}")
    page.get_by_role("button", name="Siger ja").click()
    expect(page.get_by_text("Billedet af det underskrevne papir mangler.")).to_be_visible()
    page.locator("input[type=file]").set_input_files(PAPER)
    expect(page.get_by_role("link", name="Se det underskrevne papir")).to_be_visible()
    expect(page.get_by_text("Underskrevet papir gemt")).to_be_visible()
    assert "Ida" not in page.content()


def show_a_code(page: Page) -> None:
    page.get_by_role("link", name="Næste: Forældremyndighedsindehaver 1").click()
    page.get_by_role("button", name=re.compile("^Vis kode")).click()
    expect(page.get_by_role("img", name="Kode, der kan scannes")).to_be_visible()
    width = page.get_by_role("img", name="Kode, der kan scannes").evaluate("i => i.naturalWidth")
    assert width > 100, "the drawing is shown, not refused by the content policy"
    expect(page.locator("code")).to_have_text(re.compile(r"^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$"))


def one_says_no(page: Page, house: House, recording: str) -> None:
    page.get_by_role("button", name="Siger nej").click()
    said = "Den unge har sagt ja, Forældremyndighedsindehaver 1 nej. Så bruges optagelsen ikke"
    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("link", name="Mine optagelser").last.click()
    expect(page.get_by_text("Låst: mangler samtykke fra 3")).to_be_visible()
    page.goto(f"{house.address}/consent?recording={recording}")


def withdraw(page: Page, house: House, recording: str) -> None:
    page.get_by_role("link", name=re.compile("Se bevis: Den unge")).click()
    page.get_by_role("button", name="Trækker ja tilbage").click()
    expect(page.get_by_text("Er du sikker?")).to_be_visible()
    expect(page.get_by_text("slettes nu")).to_be_visible()
    page.get_by_role("button", name="Træk tilbage og slet").click()
    expect(page.get_by_text("Den unge trak samtykket til supervision tilbage")).to_be_visible()
    deadline = time.monotonic() + ERASED_WITHIN_S
    while not page.get_by_text("Slettet", exact=True).is_visible():  # the worker sees to it
        assert time.monotonic() < deadline
        page.goto(f"{house.address}/consent?recording={recording}")
        expect(page.get_by_role("heading", name="Samtykke til samtale 1")).to_be_visible()
        page.wait_for_timeout(1_000)
