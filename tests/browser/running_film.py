"""A film that runs on a page: slowly for a test, at which speed, and where it jumps."""

from playwright.sync_api import Page

VIDEO = "document.querySelector('#host').shadowRoot.querySelector('video')"
SLOWLY = 0.0625
"""So slow that a busy machine has time to press a key within half a second of film."""
TURNED = f"""() => new Promise((resolve) => {{
  const video = {VIDEO};
  const place = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
  Object.defineProperty(video, "currentTime", {{ ...place, set(to) {{
    resolve([place.get.call(video), to]);
    place.set.call(video, to);
  }} }});
}})"""
"""From where the film jumps the next time, and to where."""


def run_slowly(page: Page, *, rate: float = SLOWLY) -> None:
    slow_down = f"{VIDEO}.playbackRate = {rate}"
    page.evaluate(f"() => {{ {VIDEO}.addEventListener('play', () => {{ {slow_down} }}) }}")
    page.keyboard.press("k")
    page.wait_for_function(f"() => !{VIDEO}.paused")


def runs_at(page: Page, rate: float) -> None:
    """Wait until the film runs at a speed, seen over a second: on a busy machine it may stumble."""
    page.wait_for_function(
        f"""(rate) => {{
        const [before, now] = [window.seen, [{VIDEO}.currentTime, performance.now() / 1000]];
        window.seen = now;
        const ran = before && (now[0] - before[0]) / (now[1] - before[1]);
        return before && Math.abs(ran - rate) < rate / 4; }}""",
        arg=rate,
        polling=1_000,
    )
