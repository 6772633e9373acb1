"""Correcting the text by hand: by key and by button, undone, by two people, beside a re-run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.desk_document import a_document, many_turns
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.test_desk_component import VIDEO, loaded, stand_at
from tests.browser.text_desk import TextDesk, text_desk
from tests.house import OWNER, SUPERVISOR, turn

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

TALK = (
    turn(0, "Hvad tænker du om det"),
    turn(1, "jeg bor i oden se nu"),
    turn(2, "og hvad med skolen", start_ms=6_000),
    turn(3, "det ved jeg ikke", start_ms=12_000),
)


@pytest.fixture(scope="module")
def house_desk(
    browser: Browser, film: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TextDesk]:
    with text_desk(browser, film, tmp_path_factory.mktemp("text") / "home") as opened:
        yield opened


@pytest.fixture
def desk(house_desk: TextDesk) -> TextDesk:
    house_desk.add(TALK)
    return house_desk


def choose(page: Page, index: int) -> None:
    page.locator(f".turns > li[data-i='{index}'] .tm").focus()


def reads(page: Page, index: int, text: str) -> None:
    page.wait_for_function(
        """([index, text]) => {
        const root = document.querySelector('#host').shadowRoot;
        const row = root.querySelector(`.turns > li[data-i='${index}']`);
        const part = (name) => row.querySelector(name).textContent;
        return row && `${part('.who')} ${part('.said')}` === text; }""",
        arg=[index, text],
    )


def retype(page: Page, index: int, text: str) -> None:
    choose(page, index)
    page.keyboard.press("e")
    expect(page.locator(".editing textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_turn_is_typed_anew_kept_over_a_reload_and_undone(desk: TextDesk) -> None:
    with desk.opened(SUPERVISOR) as page:
        retype(page, 1, "jeg bor i Odense")
        page.reload()
        field = page.get_by_label("Ret repliken ved 00:02")
        expect(field).to_have_value("jeg bor i Odense")
        field.press("End")
        page.keyboard.type(" nu")
        page.keyboard.press("Enter")
        reads(page, 1, "U jeg bor i Odense nu")
        expect(field).to_have_count(0)
        expect(page.locator(".turns > li[data-i='1'] .tm")).to_be_focused()

        page.keyboard.press("Control+z")
        reads(page, 1, "U jeg bor i oden se nu")
        expect(page.locator(".spoken")).to_have_text("Fortrudt: tekst ved 00:02 rettet")
        with page.expect_response("**/text"):
            page.keyboard.press("Control+Shift+z")
        reads(page, 1, "U jeg bor i Odense nu")
        page.reload()
        reads(page, 1, "U jeg bor i Odense nu")
        expect(page.locator(".editing")).to_have_count(0)


def test_who_speaks_and_where_a_turn_begins_by_key(desk: TextDesk) -> None:
    with desk.opened(OWNER) as page:
        choose(page, 1)
        page.keyboard.press("3")
        reads(page, 1, "F jeg bor i oden se nu")
        choose(page, 2)
        page.keyboard.press("Shift+2")
        reads(page, 2, "U og hvad med skolen")
        reads(page, 3, "R det ved jeg ikke")

        choose(page, 3)
        page.keyboard.press("m")
        reads(page, 2, "U og hvad med skolen (4 s) det ved jeg ikke")
        expect(page.locator(".turns > li[data-i]")).to_have_count(3)
        choose(page, 2)
        page.keyboard.press("e")
        expect(page.locator(".editing textarea")).to_be_focused()
        for _ in range("det ved jeg ikke".count("") - 1):
            page.keyboard.press("ArrowLeft")
        page.keyboard.press("Control+Enter")
        reads(page, 3, "U det ved jeg ikke")
        reads(page, 2, "U og hvad med skolen")

        for _ in range(4):
            page.keyboard.press("Control+z")
        reads(page, 1, "U jeg bor i oden se nu")
        reads(page, 3, "U det ved jeg ikke")
        reads(page, 2, "R og hvad med skolen")


def test_the_word_clicked_is_played_and_a_turn_begins_there(desk: TextDesk) -> None:
    with desk.opened(SUPERVISOR) as page:
        loaded(page)
        page.locator(".turns > li[data-i='3'] .tm").click()
        page.wait_for_function(f"() => !{VIDEO}.paused")
        page.keyboard.press("k")
        page.evaluate(
            f"() => {VIDEO}.addEventListener('seeking', () => window.to = {VIDEO}.currentTime)"
        )
        page.locator(".turns > li[data-i='3'] .said span").nth(2).click()
        page.wait_for_function(f"() => window.to && !{VIDEO}.paused")
        page.keyboard.press("k")
        assert 12.6 <= page.evaluate("() => window.to") < 13.2
        stand_at(page, 12.65)
        page.keyboard.press("s")
        reads(page, 4, "U jeg ikke")
        reads(page, 3, "U det ved")


def test_two_who_type_in_the_same_turn_both_keep_their_words(desk: TextDesk) -> None:
    with desk.opened(SUPERVISOR) as hers, desk.opened(OWNER) as his:
        retype(his, 1, "jeg bor i Horsens nu")
        retype(hers, 1, "jeg bor i Odense nu")
        hers.keyboard.press("Enter")
        reads(hers, 1, "U jeg bor i Odense nu")

        his.keyboard.press("Enter")
        name = desk.house.people[SUPERVISOR].name
        clash = f"{name} har skrevet her imens: ”jeg bor i Odense nu”"
        expect(his.locator(".clash")).to_contain_text(clash)
        expect(his.get_by_label("Ret repliken ved 00:02")).to_have_value("jeg bor i Horsens nu")
        his.keyboard.press("Enter")
        reads(his, 1, "U jeg bor i Horsens nu")


def test_a_new_recognition_waits_beside_what_was_typed(desk: TextDesk) -> None:
    with desk.opened(SUPERVISOR) as page:
        retype(page, 1, "jeg bor i Odense nu")
        with page.expect_response("**/text"):
            page.keyboard.press("Enter")
        reads(page, 1, "U jeg bor i Odense nu")
        desk.house.clock.go_on(seconds=1)
        again = (turn(0, "Hvad synes du om det"), turn(1, "vi bor i Horsens nu"), *TALK[2:])
        desk.house.transcript(desk.recording, again)
        page.reload()
        reads(page, 0, "R Hvad tænker du om det")
        page.get_by_role("button", name="Sammenlign").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Odense")
        expect(dialog).to_contain_text("Horsens")
        assert axe_violations(page) == []
        dialog.get_by_role("button", name="Brug den nye tekst").click()
        reads(page, 0, "R Hvad synes du om det")
        reads(page, 1, "U vi bor i Odense nu")
        expect(page.locator(".news")).to_be_hidden()

        page.keyboard.press("Control+z")
        reads(page, 1, "U jeg bor i Odense nu")
        page.keyboard.press("Control+Shift+z")
        reads(page, 1, "U vi bor i Odense nu")
        page.get_by_role("button", name="Udgaver af teksten").click()
        page.get_by_role("button", name="Se den: Udgave 1").click()
        expect(page.locator(".news")).to_contain_text("Du ser udgave 1")
        reads(page, 1, "U jeg bor i Odense nu")
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/text", hold)
        page.get_by_role("button", name="Vis denne fra nu af").click()
        until(page, lambda: held)
        expect(page.locator(".news")).to_be_visible()  # it is not kept yet
        assert len(held) == 1
        page.unroute("**/text")  # what was held goes on
        expect(page.locator(".news")).to_be_hidden()
        page.reload()
        reads(page, 1, "U jeg bor i Odense nu")


def test_what_was_typed_reaches_the_house_although_the_page_is_left_at_once(
    desk: TextDesk,
) -> None:
    with desk.opened(SUPERVISOR) as page:
        retype(page, 1, "jeg bor i Odense nu")
        page.evaluate(
            """() => {
            const field = document.querySelector('#host').shadowRoot.activeElement;
            const enter = { key: 'Enter', bubbles: true, composed: true, cancelable: true };
            field.dispatchEvent(new KeyboardEvent('keydown', enter));
            location.href = 'about:blank'; }"""
        )
        page.wait_for_url("about:blank")
        until(page, lambda: "Odense" in str(desk.house.desk(OWNER, desk.recording)["turns"]))
    with desk.opened(OWNER) as page:
        reads(page, 1, "U jeg bor i Odense nu")


def test_what_was_put_aside_can_be_taken_up_again(desk: TextDesk) -> None:
    with desk.opened(OWNER) as page:
        retype(page, 1, "noget helt andet")
        page.keyboard.press("Escape")
        reads(page, 1, "U jeg bor i oden se nu")
        page.get_by_role("button", name="Hent det, jeg skrev").click()
        expect(page.get_by_label("Ret repliken ved 00:02")).to_have_value("noget helt andet")


def test_nothing_bars_anyone_from_correcting(desk: TextDesk) -> None:
    with desk.opened(SUPERVISOR) as page:
        choose(page, 1)
        page.get_by_role("button", name="Ret tekst").click()
        expect(page.locator(".editing textarea")).to_be_focused()
        assert axe_violations(page) == []
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Forælder").click()
        reads(page, 1, "F jeg bor i oden se nu")
        expect(page.get_by_role("button", name="Forælder")).to_have_attribute(
            "aria-pressed", "true"
        )
        page.keyboard.press("?")
        for words in ("Ret tekst", "Del her", "Saml med repliken før", "Hvem der taler (1 til 4)"):
            expect(page.locator(".keysheet")).to_contain_text(words)


def test_the_least_sure_turn_comes_first_and_is_heard(open_page: Open) -> None:
    turns = many_turns(8, 4000)
    turns[5]["words"][0][3] = 0.2
    turns[2]["speaker"] = "?"
    turns[6]["words"][0][3] = 0.4
    page, _ = open_page(document=a_document(turns=turns))
    loaded(page)
    for index in (2, 5, 6, 2):
        page.keyboard.press("d")
        expect(page.locator(f".turns > li[data-i='{index}'] .tm")).to_be_focused()
    page.wait_for_function(f"() => !{VIDEO}.paused")


def test_one_turn_of_four_thousand_is_drawn_anew_and_nothing_jumps(open_page: Open) -> None:
    page, _ = open_page(document=a_document(turns=many_turns(4000, 900)))
    expect(page.locator(".turns > li")).to_have_count(4000)
    ratio, moved = page.evaluate(
        """async () => {
        const { Transcript } = await import('/components/transcript.js');
        const labels = await (await fetch('/data.json?entry=desk')).json();
        const { turns } = await (await fetch('/api/recordings/r1/desk')).json();
        const box = new Transcript({ labels: labels.labels, lang: 'da', onPlay() {},
          signal: new AbortController().signal });
        document.querySelector('#host').shadowRoot.querySelector('.tr').replaceWith(box.element);
        const median = (costs) => costs.sort((a, b) => a - b)[costs.length >> 1];
        const timed = (run) => { const from = performance.now(); run(); box.list.offsetHeight;
          return performance.now() - from; };
        const drawn = () => box.show({ turns, rehearsal: false });
        const whole = median([0, 1, 2].map(() => timed(drawn)));
        const drawnByNow = async () => {
          for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame); };
        box.focus(2000);
        await drawnByNow();
        const row = box.rows[2010];
        const before = row.getBoundingClientRect().top;
        const part = median([...Array(9).keys()].map((n) => timed(() =>
          box.splice(2000, 1, [{ ...turns[2000], speaker: n % 2 ? 'youth' : 'parent' }]))));
        await drawnByNow();
        return [part / whole, row.getBoundingClientRect().top - before]; }"""
    )
    print(f"one turn anew costs {ratio:.3f} of the whole text")  # noqa: T201
    assert ratio < 0.5
    assert abs(moved) < 2
