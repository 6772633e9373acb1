"""A film whose every picture bears its number, which a test reads off the screen."""

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from playwright.sync_api import Page

FRAME_MS: Final = 40
_RATE: Final = 1000 // FRAME_MS
_BITS: Final = 10
_BAR: Final = 16
_HEIGHT: Final = 96
_SOUND_RATE: Final = 48_000
_FULL: Final = "nal-hrd=cbr:filler=1:bitrate=3000:vbv-maxrate=3000:vbv-bufsize=3000"
"""What hardly needs bytes is filled up to 3 Mbit a second, as a film of people takes."""
_PACKED: Final = {"preset": "ultrafast", "x264-params": _FULL}
VIDEO: Final = "document.querySelector('#host').shadowRoot.querySelector('video')"
_SHOWN: Final = f"""() => {{
  const canvas = new OffscreenCanvas({_BITS * _BAR}, {_HEIGHT});
  const drawn = canvas.getContext("2d");
  drawn.drawImage({VIDEO}, 0, 0);
  return Array.from({{ length: {_BITS} }}, (_, bit) =>
    (drawn.getImageData({_BAR} * bit + {_BAR // 2}, {_HEIGHT // 2}, 1, 1).data[0] > 127) << bit
  ).reduce((sum, each) => sum + each); }}"""


def counted_film(seconds: int) -> bytes:
    """Return an mp4 of 25 pictures a second, each a row of black and white bars, and a tone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        _write(path, seconds=seconds)
        return path.read_bytes()


def shows(page: Page, at_ms: int) -> None:
    """Wait until a page's film shows the picture that belongs to a moment, and no other."""
    page.wait_for_function(f"(number) => ({_SHOWN})() === number", arg=at_ms // FRAME_MS)


def _write(path: Path, *, seconds: int) -> None:
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        picture = container.add_stream("libx264", rate=_RATE, options=_PACKED)
        picture.width, picture.height, picture.pix_fmt = _BITS * _BAR, _HEIGHT, "yuv420p"
        picture.codec_context.gop_size = _RATE
        sound = container.add_stream("aac", rate=_SOUND_RATE, layout="mono")
        for number in range(seconds * _RATE):
            container.mux(picture.encode(_picture(number)))
            container.mux(sound.encode(_tone(number)))
        for stream in (picture, sound):
            container.mux(stream.encode())


def _picture(number: int) -> av.VideoFrame:
    bars = [255 * (number >> bit & 1) for bit in range(_BITS)]
    row = np.repeat(np.array(bars, np.uint8), _BAR)
    pixels = np.broadcast_to(row[None, :, None], (_HEIGHT, len(row), 3))
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")


def _tone(number: int) -> av.AudioFrame:
    """Return the sound of as long as one picture is shown."""
    start, samples = number * _SOUND_RATE // _RATE, _SOUND_RATE // _RATE
    wave = 0.1 * np.sin(2 * np.pi * 220 * np.arange(start, start + samples) / _SOUND_RATE)
    frame = av.AudioFrame.from_ndarray(wave[None, :].astype(np.float32), "fltp", layout="mono")
    frame.sample_rate, frame.pts = _SOUND_RATE, start
    frame.time_base = Fraction(1, _SOUND_RATE)
    return frame
