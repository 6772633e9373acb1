"""The writer that an mp4 muxer can seek in."""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault.errors import RegionClosed, TamperedBlob
from storage.vault.segments import HEADER_BYTES, LAYOUT, Layout
from storage.vault.stream import DecryptingReader
from storage.vault.window import WindowedEncryptingWriter

if TYPE_CHECKING:
    from typing_extensions import Buffer

KEY = bytes(range(32))
AAD = b"v1|recording-1|proxy"
SMALL = Layout(128)
HEAD, WINDOW = 3 * 128, 4 * 128


class OnceOnly(io.BytesIO):
    """A sink that fails if a place is written twice: that would be a nonce used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[tuple[int, int]] = []

    def write(self, data: "Buffer", /) -> int:
        start = self.tell()
        written = super().write(data)
        assert all(end <= start or self.tell() <= begin for begin, end in self.written)
        self.written.append((start, self.tell()))
        return written


def writing(sink: io.BytesIO, *, layout: Layout = SMALL) -> WindowedEncryptingWriter:
    return WindowedEncryptingWriter(
        sink,
        key=KEY,
        associated_data=AAD,
        head_bytes=HEAD,
        window_bytes=WINDOW,
        layout=layout,
    )


def reading(sink: io.BytesIO, *, layout: Layout = SMALL) -> DecryptingReader:
    ciphertext = sink.getvalue()
    return DecryptingReader(
        lambda offset, length: ciphertext[offset : offset + length],
        ciphertext_size=len(ciphertext),
        key=KEY,
        associated_data=AAD,
        layout=layout,
    )


@dataclass
class Plain:
    """What a plain file would hold after the same writes."""

    content: bytearray = field(default_factory=bytearray)

    def put(self, position: int, data: bytes) -> None:
        if data:
            self.content.extend(bytes(max(0, position - len(self.content))))
            self.content[position : position + len(data)] = data


writes = st.lists(st.tuples(st.floats(0, 1.05), st.binary(max_size=400)), min_size=0, max_size=12)


@given(writes=writes)
def test_it_holds_what_a_plain_file_would_or_says_that_the_region_is_closed(
    writes: list[tuple[float, bytes]],
) -> None:
    sink = OnceOnly()
    plain = Plain()
    with writing(sink) as writer:
        for where, data in writes:
            position = int(where * len(plain.content))
            writer.seek(position)
            try:
                assert writer.write(data) == len(data)
            except RegionClosed:
                assert position + len(data) > HEAD - HEADER_BYTES - 16 * 3
                assert position < len(plain.content) - WINDOW + 128
                continue
            plain.put(position, data)
            assert writer.tell() == position + len(data)
    assert reading(sink).read() == plain.content


def test_the_head_stays_open_to_the_end_and_the_middle_does_not() -> None:
    sink = OnceOnly()
    content = bytearray(index % 251 for index in range(5000))
    with writing(sink) as writer:
        writer.write(content)
        writer.seek(10)
        writer.write(b"index")
        writer.seek(-20, io.SEEK_END)
        writer.write(b"sizes")
        writer.seek(1000)
        with pytest.raises(RegionClosed):
            writer.write(b"x")
        writer.seek(5000 - 3)
        writer.seek(1, io.SEEK_CUR)
        assert writer.tell() == 4998
    content[10:15] = b"index"
    content[4980:4985] = b"sizes"
    assert reading(sink).read() == content


def test_a_gap_reads_as_zeros_and_a_large_one_is_refused() -> None:
    sink = OnceOnly()
    with writing(sink) as writer:
        writer.seek(300)
        writer.write(b"after the gap")
        writer.seek(10_000)
        with pytest.raises(RegionClosed, match="larger than the head"):
            writer.write(b"x")
    assert reading(sink).read() == bytes(300) + b"after the gap"


def test_seeking_before_the_beginning_is_refused() -> None:
    writer = writing(io.BytesIO())
    with pytest.raises(ValueError, match="before the beginning"):
        writer.seek(-1)
    writer.abandon()


def test_memory_does_not_grow_with_the_file() -> None:
    sink = io.BytesIO()
    writer = writing(sink)
    for _ in range(200):
        writer.write(bytes(100))
    assert len(sink.getvalue()) > 100 * 200 - HEAD - WINDOW - 3 * 128
    writer.abandon()


def test_an_abandoned_file_does_not_authenticate() -> None:
    sink = io.BytesIO()
    writer = writing(sink)
    writer.write(bytes(5000))
    writer.abandon()
    with pytest.raises(TamperedBlob):
        reading(sink).read()


def muxed(sink: io.BytesIO, *, seconds: int, window_bytes: int) -> None:
    """Encode a moving bar and a tone into the sink, the index at the front."""
    with (
        WindowedEncryptingWriter(
            sink, key=KEY, associated_data=AAD, head_bytes=1 << 20, window_bytes=window_bytes
        ) as writer,
        av.open(writer, "w", format="mp4", options={"moov_size": "200000"}) as container,
    ):
        video = container.add_stream(
            "libx264", rate=25, options={"preset": "ultrafast", "crf": "0"}
        )
        video.width, video.height, video.pix_fmt = 320, 240, "yuv420p"
        audio = container.add_stream("aac", rate=16000, layout="mono")
        noise = np.random.default_rng(1)
        for number in range(25 * seconds):
            picture = noise.integers(0, 255, (240, 320, 3), dtype=np.uint8)
            for packet in video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
            tone = np.sin(np.arange(640) / 10 + number).astype(np.float32)[None]
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate = 16000
            frame.pts = 640 * number
            for packet in audio.encode(frame):
                container.mux(packet)
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def test_an_mp4_is_muxed_straight_into_ciphertext_with_its_index_in_front() -> None:
    sink = OnceOnly()
    muxed(sink, seconds=2, window_bytes=1 << 20)
    reader = reading(sink, layout=LAYOUT)
    assert reader.size > 3 << 20, "the window must have moved on for this to prove anything"
    front = reader.pread(0, 4096)
    assert front[4:8] == b"ftyp"
    assert b"moov" in front
    with av.open(io.BufferedReader(reader), "r") as container:
        assert container.duration == pytest.approx(2_000_000, abs=100_000)
        assert len(list(container.decode(video=0))) == 50
    reader = reading(sink, layout=LAYOUT)
    with av.open(io.BufferedReader(reader), "r") as container:
        samples = sum(int(frame.samples) for frame in container.decode(audio=0))
    assert samples == pytest.approx(32_000, abs=2048)


def test_a_file_is_copied_from_ciphertext_to_ciphertext() -> None:
    first, second = OnceOnly(), OnceOnly()
    muxed(first, seconds=1, window_bytes=1 << 20)
    with (
        av.open(io.BufferedReader(reading(first, layout=LAYOUT)), "r") as source,
        writing(second, layout=LAYOUT) as writer,
        av.open(writer, "w", format="mp4", options={"moov_size": "50000"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    with av.open(io.BufferedReader(reading(second, layout=LAYOUT)), "r") as container:
        assert len(list(container.decode(video=0))) == 25


def test_a_muxer_that_leaves_the_window_is_told_so() -> None:
    sink = io.BytesIO()
    writer = WindowedEncryptingWriter(
        sink, key=KEY, associated_data=AAD, head_bytes=1, window_bytes=1
    )
    writer.write(bytes(4 << 20))
    writer.seek(1 << 20)
    with pytest.raises(RegionClosed):
        writer.write(b"moov")
    writer.abandon()
