"""The uploader in a real browser: what was sent stays sent, and no file name leaves."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from storage.records import Stage
from tests.browser.desk_fixtures import Open, axe_violations, film, open_page, until
from tests.browser.desk_server import DeskServer

__all__ = ["film", "open_page"]

pytestmark = pytest.mark.browser

CHUNK = 100_000
NAME = "Samtale-med-Ida-Olsen.mp4"
STAGES = [
    {"stage": "ingest", "state": "done", "fraction": 1, "error": None},
    {"stage": "transcribe", "state": "running", "fraction": 0.4, "error": None},
    {"stage": "tag", "state": "waiting", "fraction": 0, "error": None},
]


def a_film(size: int = 450_000, name: str = NAME, kind: str = "video/mp4") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": bytes(place % 251 for place in range(size))}


def choose(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def test_files_are_sent_whole_and_named_only_by_their_kind(open_page: Open) -> None:
    page, server = open_page("uploader", extra={"chunk": CHUNK}, holds_after=CHUNK)
    sound = a_film(120_000, "Ida.wav", "audio/wav")
    choose(page, sound, a_film())
    rows = page.locator(".files li")
    expect(rows.nth(0)).to_contain_text("Kamera")
    expect(rows.nth(1)).to_contain_text("Lydoptager")
    server.holds_after = None
    expect(page.get_by_role("heading", name="Filmen er modtaget", exact=True)).to_be_visible()

    assert [bytes(each.data) for each in server.uploads.values()] == [
        a_film()["buffer"],
        sound["buffer"],
    ]
    told = [each.metadata for each in server.uploads.values()]
    assert told[0] == {"recording": "r1", "filetype": "video/mp4"}
    assert server.arranged == [
        [{"id": "", "kind": "camera"}, {"id": told[1]["part"], "kind": "sound"}]
    ]
    assert "Ida" not in str([told, server.arranged])
    assert "Ida" not in page.evaluate("() => JSON.stringify(localStorage)")
    assert [each[0] for each in page.evaluate("() => window.triggers")] == ["received"]


def names(server: DeskServer) -> list[int]:
    """Return the sizes of what arrived, in the order in which it is to be joined."""
    sizes = {each.metadata.get("part", ""): each.length for each in server.uploads.values()}
    return [sizes[part["id"]] for part in server.arranged[-1] if part["id"] in sizes]


def test_a_cameras_files_are_ordered_by_its_count_and_side_files_left_out(open_page: Open) -> None:
    page, server = open_page("uploader", extra={"chunk": CHUNK}, holds_after=1)
    choose(
        page,
        a_film(30_000, "GX020042.MP4"),
        a_film(9000, "GX010042.THM", "image/jpeg"),
        a_film(9000, "GL010042.LRV", "video/mp4"),
        a_film(10_000, "GX010042.MP4"),
        a_film(40_000, "GX040042.MP4"),
    )
    expect(page.get_by_text("mellem nummer 2 og nummer 3")).to_be_visible()
    server.holds_after = None
    expect(page.get_by_role("heading", name="Filmen er modtaget", exact=True)).to_be_visible()
    assert names(server) == [10_000, 30_000, 40_000]


def test_files_are_moved_and_taken_out_by_keyboard(open_page: Open) -> None:
    page, server = open_page("uploader", extra={"chunk": CHUNK}, holds_after=CHUNK)
    files = [a_film(200_000 + number, f"{number}.mts") for number in (1, 2, 3)]
    choose(page, *files)
    page.get_by_role("button", name="Pause").click()
    server.holds_after = None
    later = page.get_by_role("button", name="Flyt Kamera, del 1 af 3 senere")
    later.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Nu nummer 2 af 3")).to_be_attached()
    assert page.evaluate(
        """() => { let at = document.activeElement; while (at.shadowRoot) at =
        at.shadowRoot.activeElement; return at.getAttribute('aria-label'); }"""
    ).startswith("Flyt Kamera, del 2 af 3")
    page.keyboard.press("Alt+ArrowDown")
    page.get_by_role("button", name="Tag Kamera, del 1 af 3 ud").click()
    expect(page.locator(".files li")).to_have_count(2)
    assert axe_violations(page) == []
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.get_by_role("heading", name="Filmen er modtaget", exact=True)).to_be_visible()
    assert names(server) == [200_003, 200_001]


def test_after_a_reload_it_says_which_file_is_missing_and_sends_only_that(open_page: Open) -> None:
    kept = [
        {"id": "", "kind": "camera", "received": True},
        {"id": "p2", "kind": "camera", "received": False},
    ]
    page, server = open_page("uploader", extra={"chunk": CHUNK}, parts=kept)
    rows = page.locator(".files li")
    expect(rows.nth(0)).to_contain_text("Modtaget")
    expect(rows.nth(1)).to_contain_text("Mangler")
    choose(page, a_film(50_000, "other.wav", "audio/wav"))
    expect(page.get_by_text("Mangler: Kamera, del 2 af 2")).to_be_visible()
    page.get_by_role("button", name="Tag Kamera, del 2 af 2 ud").click()
    expect(page.get_by_role("heading", name="Filmen er modtaget", exact=True)).to_be_visible()
    assert [part["kind"] for part in server.arranged[-1]] == ["camera", "sound"]
    assert [each.length for each in server.uploads.values()] == [50_000]


def test_a_folder_is_looked_through(open_page: Open) -> None:
    page, _ = open_page("uploader")
    found = page.evaluate(
        """async () => {
        const { filesOf } = await import('/components/film_files.js');
        const file = (name) => ({ isFile: true, file: (done) => done(new File(['x'], name)) });
        const folder = (...within) => ({ isFile: false, createReader: () => {
          const batches = [...within.map((each) => [each]), []];
          return { readEntries: (done) => done(batches.shift()) };
        } });
        const root = folder(folder(file('00001.MTS'), file('00001.CPI')), file('voice.wav'));
        const files = await filesOf({ items: [{ webkitGetAsEntry: () => root }], files: [] });
        return files.map((each) => each.name).sort();
        }"""
    )
    assert found == ["00001.CPI", "00001.MTS", "voice.wav"]


def test_it_goes_on_by_itself_after_the_line_was_lost(open_page: Open) -> None:
    page, server = open_page("uploader", extra={"chunk": CHUNK}, drop_after=200_000)
    choose(page, a_film())
    expect(page.get_by_text("Nettet faldt ud")).to_be_visible()
    server.line_is_down = False
    expect(page.get_by_role("heading", name="Filmen er modtaget", exact=True)).to_be_visible()
    assert_whole_without_repetition(server)


def test_it_resumes_after_a_reload_when_the_file_is_chosen_again(open_page: Open) -> None:
    page, server = open_page("uploader", extra={"chunk": CHUNK}, drop_after=200_000)
    choose(page, a_film())
    expect(page.get_by_text("Nettet faldt ud")).to_be_visible()
    kept = page.evaluate("() => JSON.stringify(localStorage)")
    assert "Ida" not in kept

    server.line_is_down = False
    page.reload()
    expect(page.get_by_text("Vælg de samme filer igen")).to_be_visible()
    # A file handed over by a test has a new date each time, so it is built in the page.
    page.evaluate(
        """() => { const key = Object.keys(localStorage).find((each) => each.startsWith('tus::'));
        window.former = localStorage.getItem(key); }"""
    )
    page.evaluate(
        """async ([size, name]) => {
        const { UploadQueue } = await import('/components/upload_queue.js');
        const bytes = Uint8Array.from({ length: size }, (_, place) => place % 251);
        const file = new File([bytes], name, { type: 'video/mp4', lastModified: 1 });
        const queue = new UploadQueue({ recording: 'r1', chunk: 100000 });
        const item = { file, id: '', kind: 'camera', size, sent: 0, state: 'waits', upload: null };
        queue.files.push(item);
        item.upload = queue.uploadOf(item);
        item.upload.resumeFromPreviousUpload(JSON.parse(window.former));
        queue.resume();
        await new Promise((resolve) => queue.addEventListener('change',
          () => queue.state === 'done' && resolve()));
        }""",
        [450_000, NAME],
    )
    assert_whole_without_repetition(server)


def assert_whole_without_repetition(server: DeskServer) -> None:
    assert [bytes(each.data) for each in server.uploads.values()] == [a_film()["buffer"]]
    ends = [end for _, end in server.patches]
    assert [start for start, _ in server.patches] == [0, *ends[:-1]]


def test_a_pause_holds_and_stopping_erases(open_page: Open) -> None:
    page, server = open_page("uploader", extra={"chunk": CHUNK}, holds_after=CHUNK)
    choose(page, a_film(900_000))
    expect(page.locator(".big b")).not_to_have_text("0 %")
    page.get_by_role("button", name="Pause").click()
    server.holds_after = None
    until(page, lambda: server.patches)
    page.wait_for_timeout(600)  # in which more would come, if it did not hold
    assert len(server.patches) == 1
    page.get_by_role("button", name="Stop og slet").click()
    expect(page.get_by_text("Træk filmen hertil")).to_be_visible()
    until(page, lambda: not server.uploads)
    assert server.uploads == {}


def test_what_is_neither_film_nor_sound_is_not_sent(open_page: Open) -> None:
    page, server = open_page("uploader")
    choose(page, a_film(50, "notat.docx", "application/msword"))
    expect(page.get_by_text("Det er hverken film eller lyd")).to_be_visible()
    assert server.uploads == {}


def test_missing_consent_is_said_with_who_and_what(open_page: Open) -> None:
    gaps = [{"kind": "not_asked", "role": "custody_holder", "person": "p2"}]
    page, _ = open_page("uploader", gaps=gaps)
    expect(page.get_by_text("Låst: samtykke mangler")).to_be_visible()
    expect(page.locator(".gaps li")).to_have_text("Forældremyndighedsindehaver: ikke spurgt")
    page.get_by_role("button", name="Se samtykker").click()
    assert page.evaluate("() => window.triggers") == [["open", "consent"]]


def test_the_steps_are_shown_in_plain_words_and_the_camera_is_confirmed(open_page: Open) -> None:
    page, server = open_page("uploader", received=True, stages=STAGES)
    row = page.locator(".stages li", has_text="Tale bliver til tekst")
    expect(page.locator(".stages li")).to_have_count(len(Stage))
    expect(page.locator(".stages li").nth(1)).to_contain_text("Venter")
    expect(row.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    page.get_by_role("button", name="Jeg har slettet filmen på kameraet").click()
    note = page.get_by_text(re.compile(r"bekræftet tirsdag 24. november kl. \d\d.32"))
    expect(note).to_be_visible()
    expect(page.get_by_role("button", name="Jeg har slettet filmen")).to_have_count(0)
    assert len(server.named("confirm_camera_cleared")) == 1
    page.reload()
    expect(note).to_be_visible()


def test_the_steps_are_unfolded_while_there_is_something_to_follow(open_page: Open) -> None:
    gaps = [{"kind": "not_asked", "role": "youth", "person": "p2"}]
    page, server = open_page("uploader", received=True, gaps=gaps)
    expect(page.get_by_text("Det begynder, når alle har sagt ja.")).to_be_visible()
    expect(page.locator(".stages li").first).to_be_hidden()
    server.gaps, server.stages = [], STAGES
    expect(page.locator(".stages li").first).to_be_visible()


def test_the_file_that_stopped_the_work_is_told_by_its_number(open_page: Open) -> None:
    failed = {"stage": "join", "state": "failed", "fraction": 0.1, "error": "damaged", "file": 2}
    page, _ = open_page("uploader", received=True, stages=[failed])
    expect(page.locator(".stages li.failed .why")).to_have_text(re.compile(r"^Fil 2: \S.*\.$"))


def test_what_may_help_next_time_is_said_with_its_moments(open_page: Open) -> None:
    low = {"code": "too_quiet", "fact": "Lav lyd", "advice": "Ryk telefonen nærmere.", "at_ms": []}
    dark = {"code": "dark", "fact": "Mørkt", "advice": "Tænd lys.", "at_ms": [65_000, 3_700_000]}
    page, _ = open_page("uploader", received=True, stages=STAGES, hints=[low, dark])
    hints = page.get_by_role("region", name="Godt at vide til næste gang")
    expect(hints.locator("li")).to_have_count(2)
    expect(hints.locator("li").nth(0)).to_contain_text("hele vejen igennem")
    expect(hints.locator("li").nth(1)).to_contain_text("ved 01:05, 1:01:40")
    expect(hints.locator("li").nth(1)).to_contain_text("Tænd lys.")
    assert axe_violations(page) == []


def test_the_wish_is_kept_as_a_draft_and_then_saved(open_page: Open) -> None:
    page, server = open_page("uploader")
    page.get_by_role("button", name="Hvad lykkedes").click()
    expect(page.get_by_text("Kladde gemt kl.")).to_be_visible()
    page.get_by_role("button", name="Gem ønske").click()
    expect(page.get_by_text("Ønske gemt kl.")).to_be_visible()
    assert server.named("write_wish")[0]["text"] == "Hvad lykkedes, som du gerne vil se igen?"
    assert server.drafts["wish"] == ""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_bars_anyone_from_uploading(open_page: Open, width: int) -> None:
    page, _ = open_page("uploader", width=width, stages=STAGES, received=True)
    expect(page.locator(".stages li")).to_have_count(len(Stage))
    assert axe_violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
