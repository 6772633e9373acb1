"""Making the copy that browsers play, with ffmpeg between two pipes.

The encrypted source is read by the library and passed on in a format that needs no seeking;
what comes back is written as mp4 into the encrypted target. So no plaintext reaches a disk, and
the program sees no path. It must run in a child process whose group can be killed; it also ends
by itself when the process that feeds it is gone. Not here: its command line (ffmpeg_command).
"""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import IO, TYPE_CHECKING

from av.error import FFmpegError

from pipeline.engines.containers import (
    Reader,
    Sink,
    Writer,
    add_like,
    end_ms_of,
    explained,
    index_bytes,
    open_pipe,
    open_untrusted,
    packets_of,
    tracks_of,
    write_mp4,
    write_pipe,
)
from pipeline.engines.ffmpeg_command import (
    MATROSKA,
    PASSED_ON,
    SOUND_RATE,
    Program,
    Proxy,
    command,
    feed_format,
    find_program,
    proxy_of,
)
from pipeline.engines.probing import Probe
from pipeline.errors import EngineFailed, Failure, WorkTooLong

if TYPE_CHECKING:
    from pipeline.engines.containers import MediaPacket

Progress = Callable[[float], None]

_AAC_FRAME = 1024
_MISSING_MS = 1000
_MISSING_SHARE = 0.02
_PATIENCE_S = 30
STALL_S = 180.0
"""How long nothing may go in, come out or get on. Over broken pictures the program's threads have
been seen to wait for each other for ever."""
_LOOK_S = 1.0
_FILE_TO_BLAME = frozenset({69, 183, 234})
"""How the program ends over a damaged file: too few pictures or sounds can be decoded, the data
are invalid (AVERROR_INVALIDDATA), or what they say cannot be (EINVAL). Source: ffmpeg's manual,
``-max_error_rate``; libavutil/error.h."""
_COPY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """What was made.

    Attributes:
        decode_errors: How often the source could not be read well; more than none means that
            picture or sound may be broken in places.
    """

    duration_ms: int
    width: int
    height: int
    rate: int
    decode_errors: int = 0
    program: str = ""


def encode(
    reader: Reader,
    writer: Writer,
    *,
    probe: Probe,
    progress: Progress,
    program: Program | None = None,
    stall_s: float = STALL_S,
) -> Encoded:
    """Re-encode a recording as an mp4 that every browser plays and jumps in.

    H.264 of at most 720 lines, upright, 30 pictures a second at most, a key picture every two
    seconds, AAC with one or two channels as in the source; a drawn wave where there is no
    picture. Tags of the source (places, names of devices) are left behind.

    Raises:
        EngineFailed: The program stopped or stands still, or its output ends before the source.
        WorkTooLong: The program has used up its time.
    """
    program = program or find_program()
    shape = proxy_of(probe)
    with _Run.started(command(probe, program=program)) as run:
        run.watch(stall_s)
        run.listen(probe.duration_ms, progress)
        run.feed(reader, container_format=feed_format(probe))
        duration_ms = run.collect(writer, probe=probe, shape=shape)
    if duration_ms < probe.duration_ms * (1 - _MISSING_SHARE) - _MISSING_MS:
        raise EngineFailed(Failure.INCOMPLETE, detail=f"{duration_ms} of {probe.duration_ms} ms")
    progress(1.0)
    return Encoded(
        duration_ms=duration_ms,
        width=shape.width,
        height=shape.height,
        rate=shape.rate,
        decode_errors=run.complaints,
        program=program.version,
    )


@dataclass(slots=True)
class _Run:
    """One run of the program, with threads that feed it, listen to it and watch it."""

    process: "subprocess.Popen[bytes]"
    threads: list[threading.Thread] = field(default_factory=list)
    feed_error: Exception | None = None
    complaints: int = 0
    moved: float = field(default_factory=time.monotonic)
    stalled: bool = False

    @classmethod
    @contextmanager
    def started(cls, arguments: list[str]) -> "Iterator[_Run]":
        """Start the program; leaving ends it, whatever happened."""
        try:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd="/",
            )
        except OSError as error:
            raise EngineFailed(Failure.PROGRAM_MISSING, detail=type(error).__name__) from None
        run = cls(process)
        try:
            yield run
        finally:
            run._end()

    def feed(self, reader: Reader, *, container_format: str) -> None:
        """Begin to pass the source on."""

        def work() -> None:
            assert self.process.stdin is not None  # noqa: S101 - it was asked for
            pipe = _Watched(self.process.stdin, self)
            try:
                if container_format in PASSED_ON:
                    _pass_on(reader, pipe)
                else:
                    _remux(reader, pipe, container_format)
            except Exception as error:  # noqa: BLE001 - carried to the thread that waits
                cause = explained(error)
                if not isinstance(cause, BrokenPipeError):  # else the program's exit code says why
                    self.feed_error = cause
            finally:
                if self.feed_error is not None:
                    self.process.kill()
                with suppress(OSError):
                    self.process.stdin.close()

        self._spawn(work)

    def move(self) -> None:
        """Note that something has gone in, come out or got on."""
        self.moved = time.monotonic()

    def watch(self, stall_s: float) -> None:
        """Begin to watch for the program standing still; it is killed then."""

        def work() -> None:
            while not self._ended_within(min(_LOOK_S, stall_s)):
                if time.monotonic() - self.moved > stall_s:
                    self.stalled = True
                    self.process.kill()

        self._spawn(work)

    def listen(self, duration_ms: int, progress: Progress) -> None:
        """Begin to turn the program's reports into progress, and to count its complaints."""

        def work() -> None:
            assert self.process.stderr is not None  # noqa: S101 - it was asked for
            furthest_us = 0
            for kind, value in _reports(self.process.stderr):
                if kind == "complaint":
                    self.complaints += 1
                elif kind == "out_time_us" and value.isdigit() and int(value) > furthest_us:
                    furthest_us = int(value)
                    self.move()
                    progress(min(0.99, furthest_us / 1000 / duration_ms))

        self._spawn(work)

    def collect(self, writer: Writer, *, probe: Probe, shape: Proxy) -> int:
        """Write what the program makes as mp4. Return its length in ms."""
        seconds = probe.duration_ms / 1000 + 60
        room = index_bytes(
            pictures=round(seconds * shape.rate),
            sounds=round(seconds * SOUND_RATE / _AAC_FRAME) if shape.channels else 0,
            duration_ms=probe.duration_ms,
            even=True,
        )
        try:
            end_ms = _write(self, writer, shape=shape, index_room=room)
        except FFmpegError as error:
            self._check()
            raise explained(error) from None  # it ended well, and what it gave is no film
        self._check()
        return end_ms

    def _check(self) -> None:
        """Raise what went wrong while feeding or in the program itself."""
        try:
            code = self.process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise EngineFailed(Failure.PROGRAM_FAILED, detail="does not end") from None
        for thread in self.threads:
            thread.join(_PATIENCE_S)
        if self.stalled:
            raise EngineFailed(Failure.UNREADABLE, detail="stands still")
        if self.feed_error is not None:
            raise self.feed_error
        if code == -signal.SIGXCPU:
            raise WorkTooLong
        if code:
            failure = Failure.UNREADABLE if code in _FILE_TO_BLAME else Failure.PROGRAM_FAILED
            raise EngineFailed(failure, detail=f"exit {code}")

    def _ended_within(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self.threads:
            thread.join(_PATIENCE_S)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class _Watched:
    """A pipe to the program that notes when something goes in."""

    def __init__(self, pipe: IO[bytes], run: _Run) -> None:
        self._pipe = pipe
        self._run = run

    def write(self, data: bytes, /) -> int:
        """Write all of the bytes."""
        written = self._pipe.write(data)
        self._run.move()
        return written


def _pass_on(reader: Reader, pipe: Sink) -> None:
    reader.seek(0)
    while data := reader.read(_COPY_BYTES):
        pipe.write(data)


def _remux(reader: Reader, pipe: Sink, container_format: str) -> None:
    with (
        open_untrusted(reader) as source,
        write_pipe(pipe, container_format=container_format) as target,
    ):
        tracks = tracks_of(source)
        streams = add_like(target, tracks.all)
        for packet in packets_of(source, tracks):
            if packet.stream is tracks.audio and end_ms_of(packet) <= 0:
                continue  # run-in of the codec; Matroska would make it the new beginning
            packet.stream = streams[packet.stream.index]
            target.mux(packet)


def _write(run: _Run, writer: Writer, *, shape: Proxy, index_room: int) -> int:
    stdout = run.process.stdout
    assert stdout is not None  # noqa: S101 - it was asked for
    end_ms = 0
    has_picture = False
    with (
        open_pipe(stdout, container_format=MATROSKA) as source,
        write_mp4(writer, index_room=index_room) as target,
    ):
        tracks = tracks_of(source)
        streams = add_like(target, tracks.all)
        grids = {}
        if tracks.video is not None:
            grids[tracks.video.index] = _Grid(Fraction(1, shape.rate))
            streams[tracks.video.index].time_base = Fraction(1, shape.rate)
        if tracks.audio is not None:
            grids[tracks.audio.index] = _Grid(Fraction(_AAC_FRAME, SOUND_RATE))
        for packet in packets_of(source, tracks):
            grids[packet.stream.index].snap(packet)
            end_ms = max(end_ms, end_ms_of(packet))
            run.move()
            has_picture |= packet.stream is tracks.video
            packet.stream = streams[packet.stream.index]
            target.mux(packet)
    if not has_picture:  # a sound recording has its drawn wave
        raise EngineFailed(Failure.UNREADABLE, detail="no picture")
    return end_ms


class _Grid:
    """Undoes Matroska's rounding to milliseconds.

    The packets of one kind are equally long, and an mp4 that knows so has a shorter index.
    """

    def __init__(self, step: Fraction) -> None:
        self._step = step
        self._last: int | None = None

    def snap(self, packet: "MediaPacket") -> None:
        """Put a packet on its place in the grid, after the one before."""
        dts = round((packet.dts or 0) * packet.time_base / self._step)
        pts = round((packet.pts or 0) * packet.time_base / self._step)
        if self._last is not None:
            dts = max(dts, self._last + 1)
        packet.time_base = self._step
        packet.dts, packet.pts, packet.duration = dts, max(pts, dts), 1
        self._last = dts


_REPORT = re.compile(rb"([a-z0-9_]+)=\s*(\S*)\s*$")


def _reports(pipe: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the program's reports, and a complaint for everything else it says.

    The words of complaints are dropped, because they may quote the file.
    """
    for line in pipe:
        report = _REPORT.fullmatch(line.rstrip(b"\n"))
        if report:
            yield report[1].decode(), report[2].decode(errors="replace")
        elif line.strip():
            yield "complaint", ""
