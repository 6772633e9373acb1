"""Takes the README's pictures from a running demonstration.

Start ``make demo`` in a fresh home, then ``python -m tests.browser.pictures ADDRESS PASSWORD PAGE``
with what it printed; PAGE is the address of the young person's consent page. It walks the sample's
review up to the joint room as its two people would, and writes what they see to
``review_app/pictures``.
"""

import sys
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.rehearsal import SAMPLE
from tests.browser.ready import find_chromium
from tests.browser.test_whole_cycle import STAND_AT

PICTURES = Path(__file__).parents[2] / "review_app" / "pictures"
NEXT_WISH = "Mor svarer tit for hende. Hvordan får hun selv plads, uden at jeg afviser mor?"
SLOW_LINE = {
    "offline": False,
    "latency": 20,
    "downloadThroughput": -1,
    "uploadThroughput": 500_000,
}
WISH = "Jeg kommer til at fylde pauserne ud, når A bliver stille. Hvad sker der lige før og efter?"
SEQUENCES = (
    (121, 138, "A tør fortælle", "Styrke", "Hvad gjorde du, som gjorde det muligt for A at sige?"),
    (60, 78, "Hvem sætter dagsordenen?", "Åbent spørgsmål", "Hvad havde A helst talt om først?"),
    (150, 168, "To spørgsmål i ét", "Arbejdspunkt", "Hvilket af spørgsmålene ville du beholde?"),
)


def main(address: str, password: str, consent_page: str) -> None:
    """Walk and take pictures."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--autoplay-policy=no-user-gesture-required"]
        )
        mette = signed_in(browser, address, "mette", password)
        birgitte = signed_in(browser, address, "birgitte", password)
        mette.get_by_role("link", name="Skriv dit ønske").first.click()
        recording = mette.url.partition("recording=")[2]
        mette.get_by_role("textbox").first.fill(WISH)
        mette.get_by_role("button", name="Gem ønske").click()
        expect(mette.get_by_text("Ønske gemt")).to_be_visible()
        choose(birgitte, f"{address}/desk?recording={recording}")
        take(birgitte, "desk")
        birgitte.get_by_role("button", name="Frigiv til Mette").click()
        birgitte.get_by_role("dialog").get_by_role("button", name="Frigiv til Mette").click()
        expect(birgitte.get_by_role("dialog")).to_have_count(0)
        mette.goto(address)
        expect(mette.get_by_text("Sekvenser er klar").first).to_be_visible()
        take(mette, "library")
        mette.goto(f"{address}/prepare?recording={recording}")
        mette.get_by_label("Hvad så og hørte du?").fill("Jeg holdt mund. Så kom det.")
        mette.get_by_role("button", name="Næste sekvens").click()
        mette.get_by_role("button", name="Send til Birgitte").first.click()
        expect(mette.get_by_text("Birgitte har dine svar")).to_be_visible()
        meet(mette, birgitte, f"{address}/room?recording={recording}")
        take(mette, "room")
        register(mette, address)
        with TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("1.mp4", "2.mp4", "3.m4a")]
            for file in files:
                copyfile(SAMPLE, file)
            send(mette, files)
            take(mette, "upload")
            mette.reload()
            send(mette, files)
            take(mette, "upload-resumed")
        ask(mette)
        take(mette, "consent")
        birgitte.goto(f"{address}/codebook")
        expect(birgitte.get_by_role("button", name="Gem", exact=True)).to_be_visible()
        take(birgitte, "codebook")
        phone = browser.new_context(
            locale="da-DK", viewport={"width": 390, "height": 844}, device_scale_factor=2
        ).new_page()
        phone.goto(consent_page)
        take(phone, "consent-page")
        browser.close()


def signed_in(browser: Browser, address: str, login: str, password: str) -> Page:
    """Return a page in which a person is signed in."""
    page = browser.new_context(
        locale="da-DK", timezone_id="Europe/Copenhagen", viewport={"width": 1440, "height": 900}
    ).new_page()
    page.goto(f"{address}/auth/login")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Adgangskode").fill(password)
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    return page


def choose(page: Page, address: str) -> None:
    """Mark and describe three sequences at the desk."""
    page.goto(address)
    expect(page.locator(".turns > li").first).to_be_attached()
    for start_s, end_s, title, kind, prompt in SEQUENCES:
        page.evaluate("() => document.activeElement?.blur()")
        page.evaluate(STAND_AT, start_s)
        page.keyboard.press("i")
        page.evaluate(STAND_AT, end_s)
        page.keyboard.press("o")
        page.keyboard.press("s")
        expect(page.locator(".sqf input").first).to_be_focused()
        page.keyboard.type(title)
        page.locator(".sqf").get_by_role("button", name=kind).click()
        page.get_by_label("Spørgsmål").fill(prompt)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".sqf")).to_have_count(0)
    page.evaluate(STAND_AT, SEQUENCES[0][0] + 6)
    page.wait_for_timeout(9_000)  # until the words "saved" have gone


def meet(mette: Page, birgitte: Page, address: str) -> None:
    """Watch a few seconds together, pause, and write a note each."""
    for page in (mette, birgitte):
        page.goto(address)
    for page in (mette, birgitte):
        expect(page.get_by_role("button", name="Afspil for begge")).to_be_enabled()
    birgitte.get_by_role("button", name="Afspil for begge").click()
    birgitte.wait_for_timeout(6_000)
    birgitte.keyboard.press("k")
    for page, text in ((birgitte, "Du bliver i stilheden."), (mette, "Her var jeg i tvivl.")):
        page.locator("textarea").first.fill(text)
        page.keyboard.press("Control+Enter")
        expect(mette.get_by_text(text)).to_be_visible()
    mette.wait_for_timeout(1_000)


def register(page: Page, address: str) -> None:
    """Begin a new recording and write a wish for it."""
    page.goto(f"{address}/new")
    page.get_by_label("Den unges fødselsdato").fill("8.3.2011")
    page.keyboard.press("Tab")
    page.get_by_label("Grundlag").click()
    page.get_by_role("option", name="Eneforældremyndighed").click()
    page.get_by_role("button", name="Videre til filmen").click()
    page.wait_for_url("**recording=**")
    page.locator("#wish").fill(NEXT_WISH)
    expect(page.get_by_text("Kladde gemt")).to_be_visible()


def send(page: Page, files: list[Path]) -> None:
    """Send the files of a film over a slow line for a while."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.locator(".up > input[type=file]").set_input_files(files)
    expect(page.get_by_text("tilbage").last).to_be_visible()
    page.wait_for_timeout(8_000)
    line.detach()


def ask(page: Page) -> None:
    """Show a custody holder's code."""
    page.goto(page.url.replace("/new", "/consent"))
    page.get_by_role("link", name="Få svaret").nth(1).click()
    page.get_by_role("button", name="Vis kode").click()
    expect(page.get_by_text("Koden vises kun denne ene gang")).to_be_visible()


def take(page: Page, name: str) -> None:
    """Write what the page shows."""
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:4])
