"""The review desk in a real browser: what a hand on the keyboard gets done, and what is kept."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_document import Document, a_document, many_turns
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer
from tests.browser.running_film import VIDEO

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser


def loaded(page: Page) -> None:
    expect(page.locator(".turns > li").first).to_be_attached()
    page.wait_for_function(f"() => {VIDEO}.readyState >= 2")
    page.evaluate("() => document.activeElement?.blur()")


def stand_at(page: Page, seconds: float) -> None:
    page.evaluate(
        """(at) => new Promise((resolve) => {
        const video = document.querySelector('#host').shadowRoot.querySelector('video');
        video.pause();
        video.addEventListener('seeked', () => requestAnimationFrame(resolve), { once: true });
        video.currentTime = at; })""",
        seconds,
    )


def paused(page: Page) -> bool:
    return bool(page.evaluate(f"() => {VIDEO}.paused"))


def sent(page: Page, server: DeskServer, intent: str, count: int = 1) -> list[Document]:
    until(page, lambda: len(server.named(intent)) >= count)
    found = server.named(intent)
    assert len(found) == count, [each["intent"] for each in server.intents]
    return found


def test_a_stretch_marked_by_keys_is_saved_as_a_sequence(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    stand_at(page, 30)
    page.keyboard.press("i")
    stand_at(page, 38.5)
    page.keyboard.press("o")
    page.keyboard.press("s")

    saved = sent(page, server, "add_sequence")[0]
    assert (saved["start_ms"], saved["end_ms"]) == (30_000, 38_500)
    assert saved["kind"] == "strength"
    expect(page.locator(".it")).to_have_count(3)
    expect(page.locator(".sqf input").first).to_be_focused()

    page.keyboard.type("Du venter")
    page.keyboard.press("Control+Enter")
    changed = sent(page, server, "change_sequence")[0]
    assert (changed["title"], changed["start_ms"], changed["kind"]) == (
        "Du venter",
        30_000,
        "strength",
    )
    expect(page.locator(".it .title").nth(2)).to_have_text("Du venter")


def test_saving_one_field_leaves_the_hand_in_the_other(open_page: Open) -> None:
    page, _ = open_page()
    loaded(page)
    page.locator(".it .title").first.focus()
    page.keyboard.press("F2")
    page.keyboard.type("Ny titel")
    page.get_by_label("Spørgsmål").click()
    with page.expect_response(lambda kept: '"Hvad"' in (kept.request.post_data or "")):
        page.get_by_label("Spørgsmål").fill("Hvad")
    page.wait_for_timeout(300)
    page.keyboard.type(" nu?")
    expect(page.get_by_label("Spørgsmål")).to_have_value("Hvad nu?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sqf")).to_have_count(0)


def test_a_mark_set_while_the_film_runs_is_dated_back(open_page: Open) -> None:
    page, _ = open_page()
    loaded(page)
    stand_at(page, 20)
    page.keyboard.press("k")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 21")
    page.evaluate(
        f"() => addEventListener('keydown', () => {{ window.at = {VIDEO}.currentTime }}, true)"
    )
    page.keyboard.press("i")
    expect(page.locator(".handle").first).to_be_visible()
    now = page.evaluate("() => window.at * 1000")
    marked = int(page.locator(".handle").first.get_attribute("aria-valuenow") or 0)
    assert 300 < now - marked < 900


def test_undo_takes_back_and_redo_brings_again_and_both_are_said(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    page.locator(".it .title").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    assert sent(page, server, "reorder_sequences")[0]["ids"] == ["q2", "q1"]

    page.keyboard.press("Control+z")
    assert sent(page, server, "reorder_sequences", 2)[1]["ids"] == ["q1", "q2"]
    expect(page.locator(".spoken")).to_have_text("Fortrudt: sekvens 1 flyttet")
    expect(page.locator(".it .title").first).to_have_text("Du giver A tid")

    page.keyboard.press("Control+Shift+z")
    assert sent(page, server, "reorder_sequences", 3)[2]["ids"] == ["q2", "q1"]
    expect(page.locator(".spoken")).to_contain_text("Gjort igen")


def test_an_undo_pressed_before_the_server_has_answered_undoes_all_the_same(
    open_page: Open,
) -> None:
    page, server = open_page()
    loaded(page)
    page.route("**/intents", lambda _: None)  # held back until nobody stands in the way
    page.locator(".it .title").first.focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    assert not server.named("remove_sequence")
    page.unroute("**/intents")
    sent(page, server, "add_sequence")
    expect(page.locator(".it .title").first).to_have_text("Du giver A tid")


def test_a_removed_sequence_comes_back_in_its_place_with_its_old_name(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    page.locator(".it .title").first.focus()
    page.keyboard.press("Delete")
    sent(page, server, "remove_sequence")
    expect(page.locator(".it")).to_have_count(1)

    page.keyboard.press("Control+z")
    again = sent(page, server, "add_sequence")[0]
    assert (again["start_ms"], again["title"]) == (8000, "Du giver A tid")
    assert again["id"] == "q1"
    assert sent(page, server, "reorder_sequences")[0]["ids"] == ["q1", "q2"]
    expect(page.locator(".it .title").first).to_have_text("Du giver A tid")


def test_a_refused_change_goes_back_to_what_it_was(open_page: Open) -> None:
    page, _ = open_page(refuse="reorder_sequences")
    loaded(page)
    page.locator(".it .title").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".toast")).to_contain_text("Det kunne ikke gemmes")
    expect(page.locator(".it .title").first).to_have_text("Du giver A tid")


def test_the_transcript_follows_until_the_wheel_turns(open_page: Open) -> None:
    page, _ = open_page(document=a_document(turns=many_turns(400, 2000)))
    loaded(page)
    stand_at(page, 41)
    current = page.locator(".turns .now")
    expect(current).to_have_count(1)
    expect(current).to_be_in_viewport()
    expect(current.locator(".wd")).to_have_count(1)

    rolls = """(to) => {
        const { scrollTop } = document.querySelector('#host').shadowRoot.querySelector('.flow');
        return window.before === (window.before = scrollTop) && scrollTop >= to; }"""
    page.wait_for_function(rolls, arg=0, polling=200)
    before = page.locator(".flow").evaluate("(box) => box.scrollTop")
    page.locator(".flow").hover()
    page.mouse.wheel(0, 4000)
    expect(page.get_by_role("button", name="Følg igen")).to_be_visible()
    page.wait_for_function(rolls, arg=before + 3_900, polling=200)
    before = page.locator(".flow").evaluate("(box) => box.scrollTop")
    stand_at(page, 44)
    page.wait_for_timeout(200)
    assert page.locator(".flow").evaluate("(box) => box.scrollTop") == before

    page.get_by_role("button", name="Følg igen").click()
    expect(current).to_be_in_viewport()


def test_a_click_on_a_turn_plays_from_there(open_page: Open) -> None:
    page, _ = open_page()
    loaded(page)
    page.locator(".turns li[data-i='3'] .tm").click()
    page.wait_for_function(f"() => {VIDEO}.currentTime > 12 && {VIDEO}.played.length")
    assert page.evaluate(f"() => {VIDEO}.played.start({VIDEO}.played.length - 1)") < 12.5


def test_doubt_shows_as_dots_and_as_a_chip_and_a_pause_as_words(open_page: Open) -> None:
    page, _ = open_page()
    loaded(page)
    expect(page.locator(".turns .lo")).to_have_attribute("title", "Lav sikkerhed: 31 %. Lyt")
    expect(page.locator(".hal")).to_contain_text("Måske ikke sagt: tekst hen over stilhed")
    expect(page.locator(".turns .ps").first).to_have_text("pause 4,1 s")
    expect(page.locator(".notice")).to_contain_text("Prøvekørsel")


def test_a_code_key_marks_a_point_and_held_a_stretch(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    stand_at(page, 10)
    page.keyboard.press("5")
    point = sent(page, server, "add_tag")[0]
    assert (point["code"], point["start_ms"], point["end_ms"]) == ("c5", 10_000, 11_000)

    page.keyboard.press("k")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 10.5")
    page.keyboard.down("3")
    held_from = page.evaluate(f"() => {VIDEO}.currentTime")
    page.wait_for_function(f"(from) => {VIDEO}.currentTime > from + 1.8", arg=held_from)
    page.keyboard.up("3")
    stretch = sent(page, server, "add_tag", 2)[1]
    assert stretch["code"] == "c3"
    assert stretch["end_ms"] - stretch["start_ms"] > 1500

    page.keyboard.press("Control+z")
    sent(page, server, "remove_tag")


def test_a_machine_keyword_shows_its_reason_and_can_be_dismissed(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    page.locator(".lane .tg.sug").click()
    strip = page.locator(".picked")
    expect(strip).to_contain_text("fordi: stilhed over 3 s")
    expect(strip).to_contain_text("nogen sikkerhed")
    expect(strip).to_contain_text("accepteret 14 af 17")
    page.keyboard.press("x")
    assert sent(page, server, "judge_tag")[0] == {
        "id": "t2",
        "verdict": "dismissed",
        "intent": "judge_tag",
    }
    expect(page.locator(".lane .tg.sug")).to_have_count(0)


def test_typing_a_note_pauses_the_film_and_saving_plays_on(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    stand_at(page, 15)
    page.keyboard.press("k")
    page.wait_for_function(f"() => {VIDEO}.currentTime > 15.2")
    page.keyboard.press("n")
    page.keyboard.type("M læner sig tilbage.")
    assert paused(page)
    stands_at_ms = page.evaluate(f"() => {VIDEO}.currentTime * 1000")
    page.keyboard.press("Control+Enter")
    note = sent(page, server, "write_note")[0]
    assert note["text"] == "M læner sig tilbage."
    assert 15_000 <= note["at_ms"] <= stands_at_ms + 1
    page.wait_for_function(f"() => !{VIDEO}.paused")
    expect(page.locator("#tab-notes")).to_contain_text("1")
    page.locator("#tab-notes").click()
    expect(page.locator(".nt")).to_contain_text("M læner sig tilbage.")


def test_a_draft_survives_a_reload(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    stand_at(page, 15)
    page.keyboard.press("n")
    page.keyboard.type("Halvt skrevet")
    page.reload()
    expect(page.locator(".note")).to_have_value("Halvt skrevet")
    expect(page.locator(".comp .tag")).to_have_text("00:15")
    until(page, lambda: "Halvt skrevet" in server.drafts.get("note", ""))
    assert "Halvt skrevet" in server.drafts["note"]

    page.evaluate("() => sessionStorage.clear()")
    page.reload()
    expect(page.locator(".note")).to_have_value("Halvt skrevet")


def test_a_note_that_could_not_be_saved_stays_where_it_was_written(open_page: Open) -> None:
    page, _ = open_page(refuse="write_note")
    loaded(page)
    page.keyboard.press("n")
    page.keyboard.type("Bliv her")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comp.unsaved .note")).to_have_value("Bliv her")


def test_the_question_mark_lists_the_keys(open_page: Open) -> None:
    page, _ = open_page()
    loaded(page)
    page.keyboard.press("?")
    sheet = page.locator(".keysheet")
    for words in ("Markér, hvor det begynder", "Gem sekvens", "Fortryd", "Næste replik"):
        expect(sheet).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_a_suggestion_is_set_aside_brought_back_and_used(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    page.get_by_role("button", name="Afvis forslag").click()
    expect(page.locator(".sg li")).to_have_count(0)
    assert sent(page, server, "judge_tag")[0]["id"] == "t2"
    expect(page.locator(".lane .tg.sug")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".sg li")).to_have_count(1)
    page.keyboard.press("a")
    used = sent(page, server, "add_sequence")[0]
    assert (used["start_ms"], used["kind"]) == (32_000, "strength")
    expect(page.locator(".sg")).to_contain_text("1 af 1 brugt")


def test_release_shows_what_will_be_seen_and_takes_the_meeting(open_page: Open) -> None:
    page, server = open_page()
    loaded(page)
    page.get_by_role("button", name="Frigiv til Mette").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Den første sekvens er en styrke.")
    dialog.locator("input").fill("2026-11-24T10:00")
    dialog.get_by_role("button", name="Frigiv til Mette").click()
    assert str(sent(page, server, "release")[0]["meeting_at"]).startswith("2026-11-24T")
    expect(page.locator(".wish")).to_contain_text("Frigivet til Mette")
    page.keyboard.press("Control+z")
    sent(page, server, "take_back")
    expect(page.get_by_role("button", name="Frigiv til Mette")).to_be_visible()


@pytest.mark.parametrize("found", ["withdrawn", "erased"])
def test_a_withdrawal_takes_the_film_off_the_screen(open_page: Open, found: str) -> None:
    """Also where its erasure has begun before the page asks the next time: no gap is told then."""
    page, server = open_page()
    loaded(page)
    if found == "erased":
        server.step = "erased"
    else:
        server.gaps = [{"kind": "withdrawn", "role": "youth", "person": "p1"}]
    expect(page.get_by_role("alert")).to_contain_text("Optagelsen er lukket")
    expect(page.locator("video")).to_have_count(0)
    expect(page.locator(".turns")).to_have_count(0)


def test_the_caseworker_watches_and_notes_and_may_change_the_wish(open_page: Open) -> None:
    page, server = open_page(document=a_document(side="caseworker"))
    loaded(page)
    expect(page.locator(".codes")).to_have_count(0)
    expect(page.locator(".dr")).to_have_count(0)
    page.keyboard.press("s")
    page.get_by_role("button", name="Ret ønske").click()
    page.locator(".wish .w1 textarea").fill("Kig på pauserne.")
    page.get_by_role("button", name="Gem ønske").click()
    assert sent(page, server, "write_wish")[0]["text"] == "Kig på pauserne."
    assert not server.named("add_sequence")


def test_four_thousand_turns_stay_quick(open_page: Open) -> None:
    page, _ = open_page(document=a_document(turns=many_turns(4000, 900)))
    expect(page.locator(".turns > li")).to_have_count(4000)
    tick, drawn = page.evaluate(
        """async () => {
        const { Transcript } = await import('/components/transcript.js');
        const labels = await (await fetch('/data.json?entry=desk')).json();
        const { turns } = await (await fetch('/api/recordings/r1/desk')).json();
        const box = new Transcript({ labels: labels.labels, lang: 'da', onPlay() {},
          signal: new AbortController().signal });
        const old = document.querySelector('#host').shadowRoot.querySelector('.tr');
        old.replaceWith(box.element);
        const median = (costs) => costs.sort((a, b) => a - b)[costs.length >> 1];
        const timed = (run) => { const from = performance.now(); run(); box.list.offsetHeight;
          return performance.now() - from; };
        const draw = () => box.show({ turns, rehearsal: false });
        const drawn = median([0, 1, 2].map(() => timed(draw)));
        const costs = [];
        for (let tick = 0; tick < 200; tick += 1) {
          costs.push(timed(() => box.at(tick * 1000)));
          await new Promise(requestAnimationFrame);
        }
        return [median(costs), drawn]; }"""
    )
    print(f"follow tick, 4,000 turns: {tick:.1f} ms; all of them drawn: {drawn:.0f} ms")  # noqa: T201
    assert tick < drawn / 8


@pytest.mark.parametrize("size", [(1440, 900), (1152, 720), (800, 1000)])
def test_nothing_bars_anyone_from_the_desk(open_page: Open, size: tuple[int, int]) -> None:
    page, _ = open_page(width=size[0], height=size[1])
    loaded(page)
    assert axe_violations(page) == []
