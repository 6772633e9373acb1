"""Copying a source that browsers already play into an mp4 with its index in front.

Nothing of the picture is decoded, so an hour takes seconds. Where only the sound is of a kind
that browsers lack, the sound alone is encoded anew. Not here: deciding which (probing).
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from pipeline.engines.containers import (
    Reader,
    Writer,
    add_like,
    end_ms_of,
    explained,
    index_bytes,
    open_untrusted,
    packets_of,
    tracks_of,
    write_mp4,
)
from pipeline.engines.probing import Probe
from pipeline.errors import EngineFailed, Failure

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

    from pipeline.engines.containers import MediaPacket

Progress = Callable[[float], None]

_SOUND_RATE = 48_000
_AAC_FRAME = 1024
_BITS_PER_CHANNEL = 80_000
_REPORT_STEP = 0.01
_MISSING_MS = 1000


def remux(
    reader: Reader, writer: Writer, *, probe: Probe, progress: Progress, encode_sound: bool = False
) -> int:
    """Copy picture and sound into an mp4; encode the sound if asked. Return the length in ms.

    Raises:
        EngineFailed: The source could not be read to its end, or the target not be written.
    """
    try:
        end_ms = _copy(reader, writer, probe=probe, progress=progress, encode=encode_sound)
    except FFmpegError as error:
        raise explained(error) from None
    if end_ms < probe.duration_ms - _MISSING_MS:
        raise EngineFailed(Failure.INCOMPLETE, detail=f"{end_ms} of {probe.duration_ms} ms")
    progress(1.0)
    return end_ms


def _copy(reader: Reader, writer: Writer, *, probe: Probe, progress: Progress, encode: bool) -> int:
    end_ms = 0
    reported = 0.0
    with (
        open_untrusted(reader) as source,
        write_mp4(writer, index_room=_index_room(probe, encode=encode)) as target,
    ):
        tracks = tracks_of(source)
        sound = None
        if encode and tracks.audio is not None:
            sound = _SoundEncoder(target, tracks.audio)
        copied = [s for s in tracks.all if sound is None or s is not tracks.audio]
        streams = add_like(target, copied)
        for packet in packets_of(source, tracks):
            if sound is not None and packet.stream is tracks.audio:
                sound.take(packet)
            else:
                end_ms = max(end_ms, end_ms_of(packet))
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
            share = min(0.99, end_ms / probe.duration_ms)
            if share >= reported + _REPORT_STEP:
                reported = share
                progress(share)
        if sound is not None:
            end_ms = max(end_ms, sound.finish())
    return end_ms


def _index_room(probe: Probe, *, encode: bool) -> int:
    sounds = probe.audio.packets if probe.audio is not None else 0
    if encode:
        sounds = round((probe.duration_ms / 1000 + 60) * _SOUND_RATE / _AAC_FRAME)
    return index_bytes(
        pictures=probe.video.packets if probe.video is not None else 0,
        sounds=sounds,
        duration_ms=probe.duration_ms,
        even=False,
    )


class _SoundEncoder:
    """Decodes one track and encodes it as AAC into the target, gaps filled with silence."""

    def __init__(self, target: "OutputContainer", source: "AudioStream") -> None:
        channels = min(2, source.codec_context.channels)
        layout = "stereo" if channels > 1 else "mono"
        self._target = target
        self._resampler = AudioResampler(format="fltp", layout=layout, rate=_SOUND_RATE)
        self._stream = target.add_stream("aac", rate=_SOUND_RATE)
        self._stream.codec_context.layout = layout
        self._stream.codec_context.bit_rate = _BITS_PER_CHANNEL * channels
        self._end_ms = 0

    def take(self, packet: "MediaPacket") -> None:
        """Pass one packet's sound on."""
        for frame in packet.decode():
            self._encode(self._resampler.resample(frame))  # type: ignore[arg-type] # its track is sound

    def finish(self) -> int:
        """Write what is still held back. Return where the sound ends, in ms."""
        self._encode(self._resampler.resample(None))
        self._target.mux(self._stream.encode(None))
        return self._end_ms

    def _encode(self, frames: "Iterable[AudioFrame]") -> None:
        for frame in frames:
            if frame.pts is not None and frame.time_base:
                end = (frame.pts * frame.time_base + frame.samples / frame.sample_rate) * 1000
                self._end_ms = max(self._end_ms, round(end))
            self._target.mux(self._stream.encode(frame))
