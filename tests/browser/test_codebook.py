"""The pages of codebook and words in a real browser, before the app's own routes."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, Route, expect

from storage import accounts, site_codebooks
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page
from tests.house import House, open_house

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

COORDINATOR, ADMINISTRATOR, SUPERVISOR, RESEARCHER = "karen", "adam", "birgitte", "rune"
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as stack:
        house = open_house(stack, tmp_path_factory.mktemp("codebook") / "home")
        with house.home.transaction() as tx:
            for person in house.people.values():
                accounts.choose_language(tx, person.id, language="da")
        yield house


@pytest.fixture
def visit(house: House, open_page: Open) -> Visit:
    """Open a page as somebody; what it asks is answered by the app's routes."""

    def visited(entry: str, login: str, **options: object) -> Page:
        page, server = open_page("trial", **options)
        browser = house.browser(login)

        def answer(route: Route) -> None:
            asked = route.request
            said = browser.request(
                asked.method, asked.url[asked.url.index("/api/") :], content=asked.post_data_buffer
            )
            route.fulfill(status=said.status_code, body=said.content)

        for pattern in ("**/api/codebooks**", "**/api/codebooks/**", "**/api/vocabularies**"):
            page.route(pattern, answer)
        page.route("**/api/vocabularies/**", answer)
        page.goto(f"{server.url}/?entry={entry}")
        return page

    return visited


def edition(house: House, book: str = "conversation") -> int:
    with house.home.reading() as tx:
        return site_codebooks.codebook(tx, book).edition


def test_a_cue_shows_what_it_finds_while_it_is_typed_and_is_saved_by_keys(
    house: House, visit: Visit
) -> None:
    page = visit("codebook", COORDINATOR)
    before = edition(house)
    keywords = page.get_by_role("list", name="Stikord")
    keywords.get_by_role("button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Dansk")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Tilføj en vending").press("Enter")
    found = page.get_by_role("region", name="Hvad denne vending ville finde")
    page.keyboard.type("fortæl*")
    expect(found.get_by_role("status")).to_contain_text("gange blandt")
    expect(found.locator("mark").first).to_contain_text("fortæl", ignore_case=True)
    page.keyboard.type(" (om|mig")
    expect(found.get_by_role("status")).to_contain_text("En parentes er ikke lukket.")
    page.keyboard.type(")")
    expect(found.get_by_role("status")).not_to_contain_text("parentes")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Gemt. Det gælder")).to_be_visible()
    assert edition(house) == before + 1
    expect(page.get_by_text("Udgave conversation@1.")).to_contain_text("ændret af")
    page.get_by_text("Hvad det betød før").click()
    expect(page.get_by_role("heading", name="conversation@1, som den fulgte")).to_be_visible()
    assert axe_violations(page) == []


def test_a_cue_that_would_take_too_long_is_refused_as_it_is_typed(visit: Visit) -> None:
    page = visit("codebook", SUPERVISOR)
    page.get_by_role("button", name="Tilføj en vending").click()
    page.keyboard.type("..12 ..12 ..12 ..12 nok")
    told = page.get_by_role("region", name="Hvad denne vending ville finde").get_by_role("status")
    expect(told).to_contain_text("meget lang tid")
    expect(told).to_contain_text("Brug færre mellemrum")


def test_who_saves_second_sees_both_and_nothing_typed_is_lost(house: House, visit: Visit) -> None:
    first = visit("codebook", COORDINATOR)
    second = visit("codebook", SUPERVISOR)
    for page, words in ((first, "Koordinatorens ord"), (second, "Supervisorens ord")):
        page.get_by_label("Hvad det er").fill(words)
    first.get_by_role("button", name="Gem", exact=True).click()
    expect(first.get_by_text("Gemt. Det gælder")).to_be_visible()
    second.get_by_role("button", name="Gem", exact=True).click()
    told = second.get_by_role("alert").filter(has_text="har ændret dette")
    expect(told).to_contain_text("Koordinatorens ord")
    expect(second.get_by_label("Hvad det er")).to_have_value("Supervisorens ord")
    second.reload()  # what was typed is kept in the tab
    expect(second.get_by_label("Hvad det er")).to_have_value("Supervisorens ord")
    second.get_by_role("button", name="Gem", exact=True).click()
    second.get_by_role("button", name="Gem min i stedet").click()
    expect(second.get_by_text("Gemt. Det gælder")).to_be_visible()
    with house.home.reading() as tx:
        tag = site_codebooks.conversation(tx).tags[0]
    assert tag.text("da").description == "Supervisorens ord"


def test_a_keyword_is_added_and_retired(house: House, visit: Visit) -> None:
    page = visit("codebook", ADMINISTRATOR)
    page.get_by_role("button", name="Pakke 2").click()
    page.get_by_role("button", name="Tilføj et stikord").click()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Der mangler noget")
    for language, label in (("Dansk", "Humor"), ("Svensk", "Humor"), ("Engelsk", "Humour here")):
        page.get_by_role("button", name=language).click()
        page.get_by_label("Navn", exact=True).fill(label)
        for field in ("Hvad det er", "Hvad tæller med", "Hvad tæller ikke med"):
            page.get_by_label(field, exact=True).fill("Ord")
        for number, field in enumerate(page.get_by_label(re.compile("^Eksempel [12]$")).all()):
            field.fill(f"Sagt {number}")
    page.get_by_text("Spørgsmål, det tjener").click()
    page.get_by_role("checkbox", name="P2.17 ").check()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", name="Humor")).to_be_visible()
    page.get_by_role("button", name="Tag stikordet ud af brug").click()
    expect(page.get_by_role("button", name="Humor ude af brug")).to_be_visible()
    with house.home.reading() as tx:
        tag = site_codebooks.codebook(tx, "package_2").tag("humour_here")
    assert tag is not None
    assert (tag.retired, tag.serves) == (True, ("P2.17",))


def test_what_marks_are_told_apart_by_is_written_in_three_languages_and_keeps_its_codes(
    house: House, visit: Visit
) -> None:
    page = visit("codebook", COORDINATOR)
    page.get_by_role("list", name="Stikord").get_by_role("button", name="Spejling").click()
    apart = page.get_by_role("group", name="Nærmere bestemt")
    expect(apart.get_by_label("Valg 1", exact=True)).to_have_value("enkel")
    apart.get_by_role("button", name="Tilføj et valg").press("Enter")
    page.keyboard.type("tosidet")
    apart.get_by_role("button", name="Tilføj et valg").press("Enter")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_text("Der mangler noget")).to_contain_text("Svensk, Nærmere bestemt")
    for language, name in (("Svensk", "tvåsidig"), ("Engelsk", "Double-sided")):
        page.get_by_role("button", name=language, exact=True).click()
        apart.get_by_label("Valg 3", exact=True).fill(name)
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_text("Gemt. Det gælder")).to_be_visible()
    assert modifiers(house) == {"simple": "enkel", "complex": "kompleks", "double_sided": "tosidet"}
    assert axe_violations(page) == []
    apart.get_by_role("button", name="Fjern valg 1").click()
    expect(apart.get_by_label("Valg 1", exact=True)).to_be_focused()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("button", name="Gem", exact=True)).to_be_enabled()
    expect(apart.get_by_label("Valg 3", exact=True)).to_have_count(0)
    assert modifiers(house) == {"complex": "kompleks", "double_sided": "tosidet"}


def modifiers(house: House) -> dict[str, str]:
    with house.home.reading() as tx:
        tag = site_codebooks.codebook(tx, "conversation").tag("reflection")
    assert tag is not None
    return dict(zip(tag.modifiers, tag.text("da").modifiers, strict=True))


@pytest.mark.parametrize("width", [390, 1280])
def test_every_codebook_can_be_reached_and_covers_nothing(visit: Visit, width: int) -> None:
    page = visit("codebook", COORDINATOR, width=width)
    page.get_by_role("group", name="Kodebøger").get_by_role("button").last.click()
    expect(page.get_by_text("Udgave methods@1")).to_be_visible()
    page.get_by_label("Hvad tæller ikke med").click()
    page.get_by_role("button", name="Tilføj et eksempel").first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_who_may_only_read_is_offered_no_change(visit: Visit) -> None:
    page = visit("codebook", RESEARCHER)
    expect(page.get_by_text("Du kan læse kodebogen.")).to_be_visible()
    expect(page.get_by_label("Hvad det er")).to_be_disabled()
    assert page.get_by_role("button", name="Gem", exact=True).count() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_words_to_listen_for_are_kept_and_two_who_write_at_once_choose(
    visit: Visit, width: int
) -> None:
    page = visit("vocabulary", COORDINATOR, width=width)
    other = visit("vocabulary", ADMINISTRATOR)
    for each in (page, other):
        each.get_by_label("Jeres ord, et på hver linje").last.wait_for()
    page.get_by_role("textbox").fill(f"Børnehuset Lunden\nHorsens {width}")
    expect(page.get_by_text("2 af 100 linjer")).to_be_visible()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Gemt. Det gælder")).to_be_visible()
    other.get_by_role("textbox").fill("Vejle")
    other.get_by_role("button", name="Gem").click()
    expect(other.get_by_role("alert").filter(has_text="ændret")).to_contain_text("Lunden")
    expect(other.get_by_role("textbox")).to_have_value("Vejle")
    other.get_by_role("button", name="Tag det, der blev gemt").click()
    expect(other.get_by_role("textbox")).to_have_value(f"Børnehuset Lunden\nHorsens {width}")
    assert axe_violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
