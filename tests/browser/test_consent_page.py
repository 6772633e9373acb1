"""The consent page on a telephone: seen, by keyboard only, without scripts, and read aloud."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from consent.model import RecordingId, Role
from storage import audit, consent_codes, consent_ledger
from storage.erasure import erase
from tests.browser.desk_fixtures import axe_violations
from tests.browser.serving import served
from tests.house import OWNER, SUPERVISOR, House, open_house

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
SMALLEST_TARGET = 44
A_VOICE = """
    window.said = [];
    const voices = [{ lang: 'da-DK', localService: %s, name: 'x' }];
    speechSynthesis.getVoices = () => voices;
    speechSynthesis.speak = (each) => window.said.push(each.text);
    speechSynthesis.cancel = () => { window.silent = true; };
    Object.defineProperty(SpeechSynthesisUtterance.prototype, 'voice', { set() {} });
"""
LOOK = """(each) => { const look = getComputedStyle(each);
    return [look.color, look.backgroundColor, look.border, look.font, look.width, look.height]; }"""
TOO_SMALL = """(least) => [...document.querySelectorAll('a, button, input, summary')]
    .filter((each) => each.checkVisibility() && !each.matches('.skip'))
    .map((each) => [each.innerText || each.name, each.getBoundingClientRect()])
    .filter(([, box]) => box.width < least || box.height < least)
    .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
SIDE_SCROLL = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(
            stack,
            tmp_path / "home",
            controller="Vesterå Kommune",
            controller_contact="70 00 00 00",
        )


@pytest.fixture
def recording(house: House) -> RecordingId:
    id_ = house.recording()
    with house.home.transaction() as tx:
        for person in consent_ledger.roster_of(tx, id_):
            if person.role is Role.YOUTH:
                born = replace(person, birth_date=date(2012, 5, 1))
                consent_ledger.add_participant(tx, id_, born)
        for login, start, end in ((OWNER, 0, 65_000), (SUPERVISOR, 12_000, 41_000)):
            audit.append(
                tx,
                actor=house.people[login].id,
                action="viewed",
                subject=id_,
                detail={"from_ms": start, "to_ms": end},
            )
    return id_


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, house: House, recording: RecordingId) -> Iterator[Enter]:
    """Open the page with a code on a telephone; what the page complains about fails the test."""
    complaints: list[str] = []

    def complain(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            complaints.append(said.text)

    with ExitStack() as stack, served(house.app) as port:

        def entered(*, role: Role = Role.YOUTH, before: str = "", **options: object) -> Page:
            settings = {"viewport": PHONE, "locale": "da-DK", "device_scale_factor": 2} | options
            context = browser.new_context(**settings)  # type: ignore[arg-type]
            stack.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", complain)
            if before:
                page.add_init_script(before)
            with house.home.transaction() as tx:
                roster = consent_ledger.roster_of(tx, recording)
                person = next(each.person for each in roster if each.role is role)
                code = consent_codes.issue(tx, recording, person, by=house.people[OWNER].id)
            page.goto(f"http://127.0.0.1:{port}/s/{code}")
            return page

        yield entered
    assert not complaints


def shown_whole(page: Page, name: str) -> bool:
    box = page.get_by_role("button", name=name).bounding_box()
    assert box is not None
    return bool(box["y"] + box["height"] <= PHONE["height"])


def test_stop_is_on_the_first_screen_and_the_code_nowhere(enter: Enter) -> None:
    page = enter()
    expect(page).to_have_url(re.compile("/s/me$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Filmen fra din samtale")
    assert shown_whole(page, "Stop og slet filmen")
    page.wait_for_function("[...document.fonts].every((each) => each.status === 'loaded')")
    yes = page.get_by_role("button", name="Sig ja").first
    no = page.get_by_role("button", name="Sig nej").nth(1)
    assert yes.evaluate(LOOK) == no.evaluate(LOOK)


@pytest.mark.parametrize("place", ["/s/", "/s/me", "/s/me/stop", "/s/me/held"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(enter: Enter, place: str, scheme: str) -> None:
    page = enter(color_scheme=scheme)
    page.goto(page.url.replace("/s/me", place))
    assert axe_violations(page) == []
    assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == []
    for width in (320, 195):  # a telephone at 200 per cent is half as wide
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(SIDE_SCROLL) == 0


@pytest.mark.parametrize("place", ["/s/me", "/s/me/held"])
def test_it_is_printed_dark_on_white_and_without_what_is_pressed(enter: Enter, place: str) -> None:
    page = enter(color_scheme="dark")
    page.goto(page.url.replace("/s/me", place))
    page.emulate_media(media="print")
    body = page.locator("body")
    expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(body).to_have_css("color", "rgb(29, 42, 47)")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_from_yes_to_gone_without_a_script(
    enter: Enter, house: House, recording: RecordingId
) -> None:
    page = enter(java_script_enabled=False)
    expect(page.get_by_role("button", name="Læs højt")).to_be_hidden()
    research = page.get_by_role("listitem").filter(has_text="Forskere læser")
    research.get_by_role("button", name="Sig ja").click()
    expect(page.get_by_role("status")).to_have_text("Dit svar er gemt.")
    expect(research.get_by_text("Du sagde ja")).to_be_visible()
    house.clock.go_on(minutes=1)
    page.get_by_role("button", name="Stop og slet filmen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Er du sikker?")
    page.get_by_role("button", name="Nej, gå tilbage").click()
    page.get_by_role("button", name="Stop og slet filmen").click()
    page.get_by_role("button", name="Ja, slet den").click()
    closed = "Filmen er lukket. Den bliver slettet nu."
    expect(page.get_by_role("heading", level=1)).to_have_text(closed)
    assert house.browser(OWNER).get(f"/api/recordings/{recording}/media").status_code == 403
    erase(house.home, recording)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Filmen er slettet")
    with page.expect_download() as paper:
        page.get_by_role("link", name="Hent kvitteringen for sletning (PDF)").click()
    assert paper.value.suggested_filename == "certificate.pdf"


def test_by_keyboard_alone(enter: Enter, house: House, recording: RecordingId) -> None:
    page = enter()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til teksten")).to_be_focused()
    page.keyboard.press("Enter")
    stop = page.get_by_role("button", name="Stop og slet filmen")
    for _ in range(3):
        page.keyboard.press("Tab")
        if stop.evaluate("(e) => e === document.activeElement"):
            break
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Er du sikker?")
    house.clock.go_on(minutes=1)
    yes = page.get_by_role("button", name="Ja, slet den")
    page.wait_for_load_state()  # a key pressed before that is lost
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til teksten")).to_be_focused()
    for key in ("Enter", "Tab"):  # past the skip link to the text, and to the first button
        page.keyboard.press(key)
    expect(yes).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Filmen er lukket")
    assert house.browser(OWNER).get(f"/api/recordings/{recording}/media").status_code == 403


def test_leaving_fast_takes_the_pages_place_in_the_history(enter: Enter) -> None:
    page = enter()
    before = page.evaluate("history.length")
    page.get_by_role("link", name="Luk siden hurtigt").click()
    expect(page).to_have_title("Tom side")
    assert page.evaluate("history.length") == before
    assert page.context.cookies() == []
    page.go_back()
    expect(page.get_by_text("Stop og slet filmen")).to_have_count(0)


def test_the_page_is_read_aloud_by_a_voice_of_the_device(enter: Enter) -> None:
    page = enter(before=A_VOICE % "true")
    page.get_by_role("button", name="Læs højt").click()
    said = page.evaluate("window.said")
    assert said[0] == "Filmen fra din samtale"
    assert "Stop og slet filmen" in said
    assert said.count("Min rådgiver lærer af filmen") == 1
    page.get_by_role("button", name="Stop med at læse").click()
    assert page.evaluate("window.silent")


def test_no_voice_from_elsewhere_reads_it(enter: Enter) -> None:
    page = enter(before=A_VOICE % "false")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Læs højt")).to_be_hidden()


def test_a_language_is_chosen(enter: Enter) -> None:
    page = enter(role=Role.CUSTODY_HOLDER)
    page.locator("summary").click()
    page.get_by_role("link", name="Svenska").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Filmen från samtalet")
    assert page.locator("html").get_attribute("lang") == "sv"


def test_a_code_is_written_by_hand(enter: Enter) -> None:
    page = enter()
    page.goto(page.url.replace("/s/me", "/s/"))
    page.get_by_label("Din kode").fill("0000 0000 0000 0000")
    page.get_by_role("button", name="Vis min side").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Vi kan ikke finde noget med den kode"
    )
