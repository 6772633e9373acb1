"""One turn of the method from film to plan, walked by two people in two browsers of their own."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_fixtures import until
from tests.browser.house import House, first_seconds_of_the_sample, running_house

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("only_chromium")]

WISH = "Jeg kommer til at fylde pauserne ud. Hvad sker der lige før?"
PLAN = "Tælle til fem, før jeg spørger igen"
SLOW_MS = 300_000
VIDEO = """[...document.querySelectorAll('*')]
    .map((each) => each.shadowRoot?.querySelector('video')).find(Boolean)"""
HOW_FAR = f"() => {VIDEO}.currentTime"
BEGUN = f"() => performance.timeOrigin + performance.now() - {VIDEO}.currentTime * 1000"
"""When, on the machine's clock, the film would have begun to have got to where it is now."""
STAND_AT = f"""(at) => new Promise((resolve) => {{
    const video = {VIDEO};
    video.pause();
    video.addEventListener('seeked', () => requestAnimationFrame(resolve), {{ once: true }});
    video.currentTime = at; }})"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as house:
        yield house


def recording_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["recording"][0]


def register(page: Page) -> str:
    page.goto(page.url.split("/auth")[0].rstrip("/") + "/new")
    page.get_by_label("Den unges fødselsdato").fill("8.3.2012")
    choose(page, "Grundlag", "Eneforældremyndighed")
    page.get_by_role("button", name="Videre til filmen").click()
    expect(page).to_have_url(re.compile("recording="))
    return recording_of(page)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).click()
    expect(page.get_by_role("option")).to_have_count(0)


def agree(page: Page, house: House, recording: str) -> None:
    for who in ("Den unge", "Forældremyndighedsindehaver", "Rådgiver"):
        page.goto(f"{house.address}/consent?recording={recording}")
        expect(page.get_by_role("heading", name=f"Svar: {who}")).to_be_visible()
        page.get_by_role("button", name="Siger ja").click()
        expect(page.get_by_role("button", name="Siger ja igen")).to_be_visible()
    expect(page.get_by_text("Alle har givet samtykke til supervision.")).to_be_visible()


def mark(page: Page, *, start_s: float, end_s: float, title: str, prompt: str) -> None:
    page.evaluate("() => document.activeElement?.blur()")
    page.evaluate(STAND_AT, start_s)
    page.keyboard.press("i")
    page.evaluate(STAND_AT, end_s)
    page.keyboard.press("o")
    page.keyboard.press("s")
    expect(page.locator(".sqf input").first).to_be_focused()
    page.keyboard.type(title)
    page.get_by_label("Spørgsmål").fill(prompt)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sqf")).to_have_count(0)
    expect(page.locator(".it .title").last).to_have_text(title)


def test_from_film_to_plan(house: House, browser: Browser, tmp_path: Path) -> None:
    film = first_seconds_of_the_sample(tmp_path / "film.mp4", seconds=70)
    with (
        house.signed_in(browser, "mette") as mette,
        house.signed_in(browser, "birgitte") as birgitte,
    ):
        recording = register(mette)
        upload(mette, film)
        nobody_sees_it_yet(house, mette, birgitte, recording)
        agree(mette, house, recording)
        wish(mette, house, recording)
        choose_and_release(birgitte, house, recording)
        answer(mette, house, recording)
        watch_together(house, mette, birgitte, recording)
        agree_on_minutes(house, mette, birgitte, recording)
        the_plan_opens_with_the_next_recording(house, mette)


def upload(page: Page, film: Path) -> None:
    page.locator(".up > input[type=file]").set_input_files(film)
    received = page.get_by_role("heading", name="Filmen er modtaget", exact=True)
    expect(received).to_be_visible(timeout=SLOW_MS)


def nobody_sees_it_yet(house: House, mette: Page, birgitte: Page, recording: str) -> None:
    for page in (mette, birgitte):
        answer = page.request.get(f"{house.address}/api/recordings/{recording}/media")
        assert answer.status == 403
    mette.goto(f"{house.address}/recordings")
    expect(mette.get_by_text("Låst").first).to_be_visible()


def wish(page: Page, house: House, recording: str) -> None:
    page.goto(f"{house.address}/new?recording={recording}")
    page.locator("#wish").fill(WISH)
    page.get_by_role("button", name="Gem ønske").click()
    expect(page.get_by_text("Alt er klar.")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Jeg har slettet filmen på kameraet").click()


def choose_and_release(page: Page, house: House, recording: str) -> None:
    page.goto(house.address)
    expect(page.get_by_text(WISH).first).to_be_visible()
    page.goto(f"{house.address}/desk?recording={recording}")
    expect(page.locator(".turns > li").first).to_be_attached()
    expect(page.get_by_text("Hej Malte").first).to_be_visible()
    expect(page.get_by_text("Prøvekørsel").first).to_be_visible()
    expect(page.get_by_text(WISH).first).to_be_visible()
    mark(page, start_s=10, end_s=22, title="Du giver A tid", prompt="Hvad gjorde du her?")
    mark(page, start_s=40, end_s=50, title="Hvem vælger emnet?", prompt="Hvad ville A sige?")
    page.get_by_role("button", name="Frigiv til Mette").click()
    with page.expect_response(lambda kept: '"release"' in (kept.request.post_data or "")):
        page.get_by_role("dialog").get_by_role("button", name="Frigiv til Mette").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def answer(page: Page, house: House, recording: str) -> None:
    page.goto(house.address)
    expect(page.get_by_text("Sekvenser er klar").first).to_be_visible()
    page.goto(f"{house.address}/prepare?recording={recording}")
    expect(page.get_by_role("heading", name="Hvad gjorde du her?")).to_be_visible()
    page.get_by_label("Hvad så og hørte du?").fill("Jeg holdt mund.")
    page.get_by_role("button", name="Næste sekvens").click()
    expect(page.get_by_role("heading", name="Hvad ville A sige?")).to_be_visible()
    page.get_by_role("button", name="Spring over").click()
    page.get_by_role("button", name="Send til Birgitte").first.click()
    expect(page.get_by_text("Birgitte har dine svar")).to_be_visible()


def watch_together(house: House, mette: Page, birgitte: Page, recording: str) -> None:
    for page in (mette, birgitte):
        page.goto(f"{house.address}/room?recording={recording}")
    for page in (mette, birgitte):
        expect(page.get_by_role("button", name="Afspil for begge")).to_be_enabled()
    expect(birgitte.get_by_text("Jeg holdt mund.").first).to_be_visible()
    birgitte.get_by_role("button", name="Afspil for begge").click()
    for page in (mette, birgitte):
        page.wait_for_function(f"() => ({HOW_FAR})() > 10.5")
    assert until(mette, lambda: abs(mette.evaluate(BEGUN) - birgitte.evaluate(BEGUN)) < 500)
    mette.keyboard.press("k")
    for page in (mette, birgitte):
        expect(page.get_by_role("button", name="Afspil for begge")).to_be_visible()
        page.wait_for_function(f"() => {VIDEO}.paused && !{VIDEO}.seeking")
    expect(birgitte.get_by_text("på pause for jer begge").first).to_be_visible()
    assert mette.evaluate(HOW_FAR) == pytest.approx(birgitte.evaluate(HOW_FAR), abs=0.001)

    for page, other, text in (
        (birgitte, mette, "A vælger selv ordet."),
        (mette, birgitte, "Her var jeg lige ved at sige noget."),
    ):
        page.locator("textarea").first.fill(text)
        page.keyboard.press("Control+Enter")
        expect(other.get_by_text(text)).to_be_visible()
    birgitte.get_by_role("button", name="Slut og skriv referat").first.click()
    birgitte.get_by_role("dialog").get_by_role("button", name="Slut og skriv referat").click()
    for page in (mette, birgitte):
        expect(page.get_by_role("button", name="Åbn referat og plan")).to_be_visible()


def agree_on_minutes(house: House, mette: Page, birgitte: Page, recording: str) -> None:
    mette.get_by_role("button", name="Åbn referat og plan").click()
    expect(mette.get_by_role("heading", name="Plan for næste samtale")).to_be_visible()
    expect(mette.get_by_label("Du giver A tid: Set")).to_have_value(re.compile("A vælger selv"))
    mette.get_by_role("button", name="Tilføj", exact=True).last.click()
    expect(mette.get_by_label(re.compile("^Det vil jeg prøve, 1"))).to_be_focused()
    mette.keyboard.type(PLAN)
    mette.get_by_label("Det vil jeg lægge mærke til").fill("Hvad A gør, når jeg venter")
    expect(mette.get_by_text("Gemt kl.")).to_be_visible()
    mette.get_by_role("button", name="Godkend referat og plan").click()
    expect(mette.get_by_role("button", name="Godkend referat og plan")).to_be_hidden()
    birgitte.goto(f"{house.address}/minutes?recording={recording}")
    expect(birgitte.get_by_label(re.compile("^Det vil jeg prøve, 1"))).to_have_value(PLAN)
    birgitte.get_by_role("button", name="Godkend referat og plan").click()
    expect(birgitte.get_by_text("I har begge godkendt").first).to_be_visible()


def the_plan_opens_with_the_next_recording(house: House, mette: Page) -> None:
    mette.goto(house.address)
    expect(mette.get_by_role("heading", name="Plan for næste samtale")).to_be_visible()
    register(mette)
    expect(mette.get_by_text("Din plan fra sidst")).to_be_visible()
    expect(mette.get_by_text(PLAN).first).to_be_visible()
