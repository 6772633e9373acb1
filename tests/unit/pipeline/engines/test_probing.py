import io
import json
import random
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import av
import pytest

from pipeline.engines.film_tasks.given import probe_of
from pipeline.engines.probing import (
    AudioTrack,
    Limits,
    Oddity,
    Probe,
    Reason,
    VideoTrack,
    Way,
    probe,
)
from pipeline.errors import MediaRefused, Refusal
from tests import films


def probed(data: bytes, *, limits: Limits | None = None) -> Probe:
    return probe(io.BytesIO(data), size=len(data), limits=limits)


def cut_index_at_end() -> bytes:
    film = films.phone_film()
    return film[: len(film) * 6 // 10]


def cut_index_in_front() -> bytes:
    film = films.front_film()
    return film[: len(film) * 6 // 10]


def garbled_index() -> bytes:
    film = bytearray(films.front_film())
    begin = film.find(b"moov") + 4
    film[begin : begin + 400] = random.Random(1).randbytes(400)  # noqa: S311
    return bytes(film)


def noise() -> bytes:
    return random.Random(3).randbytes(50_000)  # noqa: S311


def unknown_codec() -> bytes:
    return films.phone_film().replace(b"avc1", b"qqq1")


def many_tracks() -> bytes:
    return films.made("mkv", *films.tone(1), *("-map", "0:a") * 17, "-c:a", "pcm_s16le")


REFUSED: dict[str, tuple[Callable[[], bytes], set[Refusal]]] = {
    "nothing": (lambda: b"", {Refusal.EMPTY}),
    "text": (lambda: b"Dear all, the film comes later.\n" * 20, {Refusal.NOT_MEDIA, Refusal.TYPE}),
    "noise": (noise, {Refusal.NOT_MEDIA, Refusal.DAMAGED}),
    "page": (lambda: b"<!doctype html><title>Sign in</title>" * 50, {Refusal.NOT_MEDIA}),
    "archive": (lambda: b"PK\x03\x04" + bytes(4000), {Refusal.NOT_MEDIA}),
    "playlist": (
        lambda: b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/hostname\n",
        {Refusal.TYPE, Refusal.NOT_MEDIA},
    ),
    "concatenation": (
        lambda: b"ffconcat version 1.0\nfile /etc/hostname\n",
        {Refusal.TYPE, Refusal.NOT_MEDIA},
    ),
    "still": (lambda: films.made("png", *films.picture(0.04)), {Refusal.TYPE, Refusal.NOT_MEDIA}),
    "subtitles": (
        lambda: b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n" * 30,
        {Refusal.TYPE, Refusal.NOT_MEDIA},
    ),
    "cut, index at the end": (cut_index_at_end, {Refusal.TRUNCATED}),
    "only the first box": (lambda: films.phone_film()[:32], {Refusal.TRUNCATED}),
    "index garbled": (garbled_index, {Refusal.NO_STREAMS, Refusal.NOT_MEDIA, Refusal.DAMAGED}),
    "picture of an unknown kind": (unknown_codec, {Refusal.NO_VIDEO_PARAMS}),
    "many tracks": (many_tracks, {Refusal.TOO_MANY_STREAMS}),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_what_is_no_recording_is_refused_with_a_code(shape: str) -> None:
    make, codes = REFUSED[shape]
    with pytest.raises(MediaRefused) as refused:
        probed(make())
    assert refused.value.code in codes
    assert refused.value.advice


def test_a_recording_longer_than_the_limit_is_refused() -> None:
    with pytest.raises(MediaRefused) as refused:
        probed(films.phone_film(), limits=Limits(duration_ms=1500))
    assert refused.value.code is Refusal.TOO_LONG


def test_a_picture_larger_than_the_limit_is_refused() -> None:
    with pytest.raises(MediaRefused) as refused:
        probed(films.phone_film(), limits=Limits(pixels=320 * 180 - 1))
    assert refused.value.code is Refusal.TOO_LARGE


def test_a_film_that_ends_before_its_header_says_is_taken_and_marked() -> None:
    found = probed(cut_index_in_front())
    assert Oddity.ENDS_EARLY in found.oddities
    assert found.duration_ms < found.claimed_ms * 0.75
    assert found.browser_playable().reason is Reason.DAMAGED


def test_flipped_bits_do_not_stop_the_probe() -> None:
    found = probed(films.flipped(films.phone_film()))
    assert found.duration_ms == pytest.approx(2000, abs=100)


def test_an_ordinary_phone_film_is_copied() -> None:
    found = probed(films.phone_film())
    assert (found.duration_ms, found.container) == (2000, "mov")
    assert found.video is not None
    assert found.audio is not None
    assert (found.video.codec, found.audio.codec, found.audio.channels) == ("h264", "aac", 1)
    assert not found.video.variable
    assert found.browser_playable().way is Way.COPY


def test_stereo_is_noticed() -> None:
    found = probed(films.phone_film(channels=2))
    assert found.audio is not None
    assert found.audio.channels == 2


def test_a_film_without_sound_is_taken() -> None:
    found = probed(films.made("mp4", *films.picture(1), *films.X264))
    assert found.audio is None
    assert found.browser_playable().way is Way.COPY


def test_only_the_sound_is_encoded_when_only_it_is_foreign() -> None:
    found = probed(films.made("mov", *films.picture(1), *films.tone(1), *films.X264))
    assert found.browser_playable().way is Way.COPY
    found = probed(
        films.made("mov", *films.picture(1), *films.tone(1), *films.X264, "-c:a", "pcm_s16le")
    )
    verdict = found.browser_playable()
    assert (verdict.way, verdict.reason) == (Way.COPY_PICTURE, Reason.SOUND_CODEC)


def test_uneven_distances_are_noticed() -> None:
    found = probed(films.uneven_film())
    assert found.video is not None
    assert found.video.variable


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_turn_is_read_clockwise(degrees: int) -> None:
    found = probed(films.turned_film(degrees))
    assert found.video is not None
    assert (found.video.codec, found.video.rotation) == ("hevc", degrees)
    assert found.browser_playable().way is Way.ENCODE


def test_interlaced_pictures_are_noticed() -> None:
    film = films.made(
        "mts", *films.picture(1), "-c:v", "libx264", "-flags", "+ildct+ilme", "-x264opts", "tff=1"
    )
    found = probed(film)
    assert found.video is not None
    assert found.video.interlaced


@pytest.mark.parametrize("suffix", ["mp3", "wav", "m4a", "flac", "ogg"])
def test_sound_alone_is_taken(suffix: str) -> None:
    found = probed(films.made(suffix, *films.tone(1, channels=2)))
    assert found.video is None
    assert found.audio is not None
    assert found.audio.channels == 2
    assert found.duration_ms == pytest.approx(1000, abs=60)
    assert found.browser_playable().reason is Reason.NO_PICTURE


def test_cover_art_is_no_picture() -> None:
    cover = films.made("png", *films.picture(0.04))
    song = films.made(
        "mp3",
        *films.tone(1),
        *("-f", "png_pipe", "-i", "SOURCE", "-map", "0:a", "-map", "1:v"),
        *("-disposition:v", "attached_pic", "-c:v", "copy"),
        source=cover,
    )
    assert probed(song).video is None


@pytest.mark.parametrize(
    ("suffix", "codecs"),
    [
        ("mkv", films.X264),
        ("webm", ("-c:v", "libvpx", "-deadline", "realtime")),
        ("avi", ("-c:v", "mpeg4")),
        ("mov", ("-c:v", "prores")),
        ("wmv", ()),
        ("mpg", ()),
    ],
)
def test_other_kinds_of_films_are_taken(suffix: str, codecs: tuple[str, ...]) -> None:
    found = probed(films.made(suffix, *films.picture(1), *films.tone(1), *codecs))
    assert found.video is not None
    assert found.audio is not None
    assert found.duration_ms == pytest.approx(1000, abs=120)


def test_a_film_of_ten_hours_is_walked_through_quickly() -> None:
    film = films.made(
        "mp4",
        *("-f", "lavfi", "-i", "color=gray:s=32x32:r=1/10:d=36000"),
        *films.X264,
    )
    found = probed(film)
    assert found.duration_ms == pytest.approx(36_000_000, rel=0.01)


H264 = VideoTrack("h264", "yuv420p", 1280, 720, 30.0, key_gap_ms=2000)
AAC = AudioTrack("aac", 48_000, 2)


@pytest.mark.parametrize(
    ("video", "audio", "way", "reason"),
    [
        (H264, AAC, Way.COPY, Reason.PLAYABLE),
        (replace(H264, width=720, height=1280), AAC, Way.COPY, Reason.PLAYABLE),
        (H264, replace(AAC, codec="mp3"), Way.COPY_PICTURE, Reason.SOUND_CODEC),
        (replace(H264, width=1920, height=1080), AAC, Way.ENCODE, Reason.TOO_LARGE),
        (replace(H264, key_gap_ms=3000), AAC, Way.ENCODE, Reason.KEY_PICTURES),
        (replace(H264, codec="hevc"), AAC, Way.ENCODE, Reason.PICTURE_CODEC),
        (replace(H264, pixel_format="yuv422p"), AAC, Way.ENCODE, Reason.PIXEL_FORMAT),
        (replace(H264, pixel_format="yuv420p10le"), AAC, Way.ENCODE, Reason.PIXEL_FORMAT),
        (replace(H264, rotation=90), AAC, Way.ENCODE, Reason.ROTATED),
        (replace(H264, interlaced=True), AAC, Way.ENCODE, Reason.INTERLACED),
        (replace(H264, hdr=True), AAC, Way.ENCODE, Reason.COLORS),
    ],
)
def test_only_what_is_like_our_own_copies_is_copied(
    video: VideoTrack, audio: AudioTrack, way: Way, reason: Reason
) -> None:
    verdict = Probe("mov", 60_000, 60_000, 4_000_000, video, audio).browser_playable()
    assert (verdict.way, verdict.reason) == (way, reason)


def test_what_was_kept_as_json_comes_back() -> None:
    found = probed(films.flipped(films.phone_film()))
    assert probe_of(json.loads(json.dumps(asdict(found)))) == found
    sound = probed(films.made("wav", *films.tone(1)))
    assert probe_of(json.loads(json.dumps(asdict(sound)))) == sound


def test_key_pictures_far_apart_are_encoded_anew() -> None:
    film = films.made("mp4", *films.picture(7), *films.X264, "-g", "999")
    found = probed(film)
    assert found.browser_playable().reason is Reason.KEY_PICTURES


ATTACKS = {
    "concatenation": "ffconcat version 1.0\nfile secret.mp4\n",
    "playlist": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nsecret.mp4\n#EXT-X-ENDLIST\n",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_film_that_names_another_file_does_not_get_it(
    attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.mp4").write_bytes(films.phone_film())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MediaRefused):
        probed(ATTACKS[attack].encode())


def test_the_attack_would_work_on_an_unguarded_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.mp4").write_bytes(films.phone_film())
    monkeypatch.chdir(tmp_path)
    with av.open(io.BytesIO(ATTACKS["concatenation"].encode())) as container:
        assert container.streams.video[0].width == 320
