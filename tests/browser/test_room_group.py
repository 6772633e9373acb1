"""A reflecting group of four browsers: invited, through the rounds, and out again."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.desk_fixtures import axe_violations
from tests.browser.room_app import Server, make_film, serving
from tests.fakes.room import GRETA, JONAS

pytestmark = pytest.mark.browser

CALL = "https://jitsi.kommune.example"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=30)


@pytest.fixture
def server(film: Path) -> Iterator[Server]:
    with serving(Server(film)) as server:
        yield server


class Table:
    """Everyone's browser, and what went wrong in any of them."""

    def __init__(self, browser: Browser, server: Server, stack: ExitStack) -> None:
        self._browser, self._server, self._stack = browser, server, stack
        self.errors: list[str] = []

    def sits(self, who: str, *, scheme: str = "light", width: int = 1440) -> Page:
        context = self._browser.new_context(viewport={"width": width, "height": 900})
        self._stack.callback(context.close)
        context.add_cookies([{"name": "who", "value": who, "url": self._server.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{self._server.address}/?scheme={scheme}")
        return page


@pytest.fixture
def table(browser: Browser, server: Server) -> Iterator[Table]:
    with ExitStack() as stack:
        table = Table(browser, server, stack)
        yield table
        assert table.errors == []


def play_button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("Afspil for"))


def open_group(page: Page) -> Locator:
    page.get_by_role("button", name="Gruppe", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Gæster")).to_be_visible()
    return dialog


def test_four_meet_go_through_the_rounds_and_a_guest_is_uninvited(
    table: Table, server: Server
) -> None:
    birgitte, mette = table.sits("birgitte"), table.sits("mette", scheme="dark")
    for page in (birgitte, mette):
        expect(play_button(page)).to_have_text("Afspil for begge")
        expect(page.locator(".grp")).to_be_hidden()

    dialog = open_group(birgitte)
    for guest in (GRETA, JONAS):
        dialog.get_by_label("Kollega").select_option(label=guest.name)
        dialog.get_by_role("button", name="Invitér").click()
        expect(dialog.get_by_role("listitem").filter(has_text=guest.name)).to_be_visible()
    dialog.get_by_role("button", name="4 + 3 + 1").click()
    dialog.get_by_role("button", name="Luk").click()
    greta, jonas = table.sits("greta"), table.sits("jonas")
    four = (birgitte, mette, greta, jonas)

    for page in four:
        expect(page.locator(".table li")).to_have_count(4)
        expect(play_button(page)).to_have_text("Afspil for alle")
        expect(page.locator(".rnd")).to_contain_text("Fortælle")
    birgitte.get_by_role("button", name="Start tiden").click()
    for page in four:
        expect(page.get_by_role("timer")).to_have_text(re.compile("^[1-3]:[0-5]"))
    expect(greta.locator(".turn")).to_have_text(re.compile("^Du lytter nu"))
    expect(mette.locator(".turn")).to_be_hidden()
    expect(greta.get_by_role("button", name="Næste runde")).to_be_hidden()

    birgitte.get_by_role("button", name="Næste runde").click()
    for page in four:
        expect(page.locator(".rnd")).to_contain_text("Reflektere")
        expect(page.get_by_role("timer")).to_have_text(re.compile("^(3:00|[0-2]:[0-5])"))
        expect(page.locator(".table .listens")).to_have_text(re.compile("Fortæller · lytter nu"))
    expect(mette.locator(".turn")).to_be_visible()
    expect(greta.locator(".turn")).to_be_hidden()
    greta.get_by_label("Fælles noter").get_by_role("textbox").fill("Roen smitter.")
    greta.keyboard.press("Enter")
    expect(mette.get_by_text("Roen smitter.")).to_be_visible()
    assert not [each for each in server.intents if each["intent"] == "keep_draft"]

    jonas.reload()
    expect(jonas.get_by_role("timer")).to_have_text(re.compile("^[0-2]:[0-5]"))
    expect(jonas.get_by_role("button", name="Vil gerne styre")).to_have_count(0)

    dialog = open_group(birgitte)
    dialog.get_by_role("button", name=f"Tag invitationen tilbage: {JONAS.name}").click()
    expect(jonas.get_by_role("heading", name="Du er ikke længere med på mødet")).to_be_visible()
    expect(jonas.locator("video")).to_have_count(0)
    expect(greta.locator(".table li")).to_have_count(3)
    dialog.get_by_role("button", name="Luk").click()

    birgitte.get_by_role("button", name="Slut og skriv referat").click()
    birgitte.get_by_role("dialog").get_by_role("button", name="Slut og skriv referat").click()
    expect(greta.get_by_text("Tak, fordi du var med.")).to_be_visible()
    expect(greta.get_by_role("button", name="referat")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rounds_and_guests_are_led_by_key_alone_and_the_focus_stays(
    table: Table, scheme: str
) -> None:
    page = table.sits("birgitte", scheme=scheme)
    expect(play_button(page)).to_be_visible()
    page.keyboard.press("g")
    dialog = page.get_by_role("dialog")
    whom = dialog.get_by_label("Kollega")
    expect(whom).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    plan = dialog.get_by_role("button", name="3 + 3 + 1")
    expect(plan).to_have_attribute("aria-pressed", "true")
    expect(plan).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    part = dialog.get_by_label("Birgitte Lund")
    expect(part).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".table li").first).to_contain_text("Reflekterer")
    expect(part).to_be_focused()
    page.keyboard.press("Tab")
    expect(whom).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("listitem")).to_have_text(re.compile(GRETA.name))
    expect(whom).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("listitem")).to_have_count(0)
    expect(whom).to_be_focused()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    expect(page.locator(".clock .btn")).to_have_count(2)
    start, onward = page.locator(".clock .btn").all()
    start.press("Enter")
    expect(start).to_have_text("Stands tiden")
    expect(start).to_be_focused()
    page.keyboard.press("Tab")
    rounds = (
        ("Fortælle", "Næste runde"),
        ("Reflektere", "Næste runde"),
        ("Sammen", "Begynd forfra"),
    )
    for name, button in rounds:
        expect(page.locator(".rnd")).to_contain_text(name)
        expect(onward).to_have_text(button)
        expect(onward).to_be_focused()
        page.keyboard.press("Enter")
    expect(start).to_have_text("Start tiden")
    expect(start).to_be_focused()
    assert axe_violations(page) == []


def test_the_dialog_says_whose_yes_is_missing(table: Table, server: Server) -> None:
    server.missing = [{"who": "Ung A", "why": "Ikke spurgt endnu"}]
    dialog = open_group(table.sits("birgitte"))
    expect(dialog).to_contain_text("Ingen kan inviteres endnu")
    expect(dialog).to_contain_text("Ung A: Ikke spurgt endnu")
    expect(dialog.get_by_role("button", name="Invitér")).to_have_count(0)


def test_a_guest_waits_until_one_of_the_two_is_here(table: Table, server: Server) -> None:
    server.house.gate.invited.add(GRETA.id)
    greta = table.sits("greta")
    expect(greta.get_by_text("Filmen åbner, når en af de to er her.")).to_be_visible()
    table.sits("mette")
    expect(greta.get_by_text("Filmen åbner, når en af de to er her.")).to_be_hidden()


def test_a_guest_raises_a_concern_and_what_is_typed_stays_in_the_tab(
    table: Table, server: Server
) -> None:
    server.house.gate.invited.add(GRETA.id)
    greta = table.sits("greta")
    expect(greta.get_by_text("Filmen åbner, når en af de to er her.")).to_be_visible()
    greta.keyboard.press("Shift+B")
    sheet = greta.get_by_role("dialog")
    sheet.get_by_label("Egne ord, kun til dig og de to").fill("Der er et mærke.")
    sheet.get_by_role("button", name="Luk").click()
    greta.get_by_role("button", name="Bekymring").click()
    expect(sheet.get_by_role("textbox")).to_have_value("Der er et mærke.")
    expect(sheet).to_contain_text("Kladden ligger i dette faneblad")
    assert axe_violations(greta) == []
    sheet.get_by_role("button", name="Meld en bekymring").click()
    expect(sheet.get_by_role("status")).to_be_focused()
    assert [(each["intent"], each["text"]) for each in server.intents] == [
        ("raise_concern", "Der er et mærke.")
    ]
    assert greta.evaluate("Object.keys(sessionStorage)") == []


def test_without_a_setting_there_is_no_call_and_one_line_says_so(table: Table) -> None:
    page = table.sits("birgitte")
    expect(page.get_by_text("Tal i jeres eget mødeværktøj")).to_be_visible()
    expect(page.get_by_role("button", name="Åbn mødet")).to_have_count(0)
    expect(page.locator("iframe")).to_have_count(0)


def test_the_call_is_the_sites_own_with_camera_and_microphone_alone(
    table: Table, server: Server
) -> None:
    server.meeting = CALL
    asked: list[tuple[str, dict[str, str]]] = []

    def answer(route: Route) -> None:
        asked.append((route.request.url, route.request.headers))
        route.fulfill(body="<p>call</p>", content_type="text/html")

    pages = [table.sits("birgitte"), table.sits("mette")]
    for page in pages:
        page.route(f"{CALL}/**", answer)
        page.get_by_role("button", name="Åbn mødet").click()
        expect(page.frame_locator("iframe").get_by_text("call")).to_be_visible()
    frame = pages[0].locator("iframe")
    assert frame.get_attribute("allow") == "camera; microphone"
    [first, second] = [url for url, _ in asked]
    assert first == second
    assert re.fullmatch(rf"{CALL}/[0-9a-f]{{40}}", first)
    assert not any("referer" in headers or "cookie" in headers for _, headers in asked)
    pages[0].get_by_role("button", name="Luk mødet").click()
    expect(frame).to_have_count(0)
