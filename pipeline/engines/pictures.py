"""One quick pass over a film's key pictures: thumbnails, what spoils the picture, and movement.

Only key pictures are decoded (an hour takes seconds), so it is meant for the playable copy,
which has one every two seconds. Hints are codes with times and say nothing about people. The
measures are in picture_quality and analysis.movement.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from pipeline.analysis.movement import SIZE as MOVEMENT_SIZE
from pipeline.analysis.movement import Change, Movement, changed_share, movement
from pipeline.engines.containers import Reader, explained, open_untrusted, start_of, tracks_of
from pipeline.engines.picture_quality import Look, PictureHint, hints_from, look_at
from pipeline.errors import EngineFailed, Failure

if TYPE_CHECKING:
    from av.container import InputContainer

Progress = Callable[[float], None]
Image = NDArray[np.uint8]

MOST = 3600
"""Thumbnails of a film, however long: one for every two seconds of two hours, in about 10 MB."""
WIDTH = 160
COLUMNS = ROWS = 10
PER_SHEET = COLUMNS * ROWS
"""A sheet is what a browser fetches at once to show the moments around the one pointed at."""
SHORTEST_STEP_MS = 1000
_APART_MS = 900
"""At least so far apart are pictures that are compared for movement: some films have a key picture
far more often than others, and the share that changes grows with the time between."""
_QUALITY = 70
_LUMA_SIZE = (640, 360)
_PLAIN_LUMA = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12"}
_TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}
"""By the angle that the library gives: counter-clockwise."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Thumbnails in rows on sheets, each a JPEG; number i shows the moment ``i * every_ms``."""

    sheets: tuple[bytes, ...]
    count: int
    every_ms: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """What the pass has given."""

    strip: Strip
    hints: tuple[PictureHint, ...]
    movement: Movement


def look_through(reader: Reader, *, duration_ms: int, progress: Progress) -> Pictures:
    """Go through the key pictures of a film once.

    Raises:
        EngineFailed: There is no picture that can be read.
    """
    every_ms = max(SHORTEST_STEP_MS, -(-duration_ms // MOST))
    count = max(1, -(-duration_ms // every_ms))
    sheets = _Sheets(count)
    looks: list[Look] = []
    changes = _Changes()
    previous: Image | None = None
    try:
        with open_untrusted(reader) as container:
            for at_ms, frame in _key_pictures(container):
                luma = _luma(frame)
                looks.append(look_at(luma, at_ms=at_ms, previous=previous))
                previous = luma
                changes.show(luma, at_ms=at_ms)
                sheets.show(frame, slot=(at_ms + every_ms // 2) // every_ms)
                progress(min(0.99, at_ms / max(1, duration_ms)))
    except FFmpegError as error:
        raise explained(error) from None
    if not looks:
        raise EngineFailed(Failure.UNREADABLE, detail="no key picture")
    strip = sheets.finished(every_ms=every_ms)
    progress(1.0)
    return Pictures(
        strip=strip,
        hints=hints_from(looks, duration_ms=duration_ms),
        movement=movement(changes.found, duration_ms=duration_ms),
    )


def _key_pictures(container: "InputContainer") -> Iterator[tuple[int, VideoFrame]]:
    video = tracks_of(container).video
    if video is None:
        return
    video.codec_context.skip_frame = "NONKEY"
    start = start_of(container)
    packets = container.demux(video)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):
            return  # the probe has said how far the film can be read
        if packet.size and not packet.is_keyframe:
            continue
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        for frame in frames:
            if frame.pts is not None and frame.time_base:
                yield max(0, round((frame.pts * frame.time_base - start) * 1000)), frame


def _luma(frame: VideoFrame) -> Image:
    """Return brightness, small; straight from the decoder's memory where its layout allows."""
    if frame.format.name in _PLAIN_LUMA:
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        gray = rows[: frame.height, : frame.width]
    else:
        gray = frame.to_ndarray(format="gray").astype(np.uint8, copy=False)
    return _resized(gray, _LUMA_SIZE)


def _thumbnail(frame: VideoFrame) -> Image:
    picture = frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
    turn = _TURNS.get(frame.rotation % 360)
    if turn is not None:
        picture = cv2.rotate(picture, turn).astype(np.uint8, copy=False)
    height, width = picture.shape[:2]
    return _resized(picture, (WIDTH, max(2, round(height * WIDTH / width))))


def _resized(picture: Image, size: tuple[int, int]) -> Image:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


class _Changes:
    """Compares pictures as they come, each with the one before that lies far enough back."""

    def __init__(self) -> None:
        self.found: list[Change] = []
        self._last: tuple[int, Image] | None = None

    def show(self, luma: Image, *, at_ms: int) -> None:
        """Compare a picture, if its time has come."""
        if self._last is None:
            self._last = at_ms, _resized(luma, MOVEMENT_SIZE)
            return
        last_ms, last = self._last
        if at_ms - last_ms >= _APART_MS:
            now = _resized(luma, MOVEMENT_SIZE)
            self.found.append(Change(last_ms, at_ms, changed_share(last, now)))
            self._last = at_ms, now


class _Sheets:
    """Lays thumbnails out as they come, in time order; only one sheet is held unpacked."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._done: list[bytes] = []
        self._sheet: list[Image] = []
        self._shown: Image | None = None

    @property
    def _next(self) -> int:
        return len(self._done) * PER_SHEET + len(self._sheet)

    def show(self, frame: VideoFrame, *, slot: int) -> None:
        """Lay a picture into its slot; slots without any show the one before, or else this.

        A damaged film may have pictures after its end only: the last slot is for these too.
        """
        slot = min(slot, self._count - 1)
        if slot < self._next:
            return
        picture = _thumbnail(frame)
        before = picture if self._shown is None else self._shown
        height = before.shape[0]
        self._shown = picture if picture.shape[0] == height else _resized(picture, (WIDTH, height))
        self._fill(before, upto=slot)
        self._fill(self._shown, upto=slot + 1)

    def finished(self, *, every_ms: int) -> Strip:
        """Return all sheets; slots after the last picture show it."""
        assert self._shown is not None  # noqa: S101 - a film without pictures has been refused
        self._fill(self._shown, upto=self._count)
        if self._sheet:
            self._pack()
        return Strip(
            sheets=tuple(self._done),
            count=self._count,
            every_ms=every_ms,
            width=WIDTH,
            height=self._shown.shape[0],
        )

    def _fill(self, picture: Image, *, upto: int) -> None:
        while self._next < upto:
            self._sheet.append(picture)
            if len(self._sheet) == PER_SHEET:
                self._pack()

    def _pack(self) -> None:
        height = self._sheet[0].shape[0]
        rows = -(-len(self._sheet) // COLUMNS)
        sheet = np.zeros((rows * height, COLUMNS * WIDTH, 3), np.uint8)
        for number, picture in enumerate(self._sheet):
            row, column = divmod(number, COLUMNS)
            top, left = row * height, column * WIDTH
            sheet[top : top + height, left : left + WIDTH] = picture
        done, jpeg = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        if not done:
            raise EngineFailed(Failure.UNWRITABLE, detail="thumbnails")
        self._done.append(jpeg.tobytes())
        self._sheet.clear()
