import io

import cv2
import numpy as np
import pytest

from pipeline.analysis.movement import UNKNOWN
from pipeline.engines.picture_quality import Look, PictureCode, PictureHint, hints_from, look_at
from pipeline.engines.pictures import (
    COLUMNS,
    MOST,
    PER_SHEET,
    Pictures,
    Strip,
    look_through,
)
from pipeline.errors import EngineFailed
from tests import films

GOP = (*films.X264, "-g", "12", "-sc_threshold", "0")


def seen(data: bytes, *, duration_ms: int) -> Pictures:
    return look_through(io.BytesIO(data), duration_ms=duration_ms, progress=lambda _: None)


def scene(seed: int = 0) -> np.ndarray:
    """A lively scene: soft shapes with edges and grain."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(30, 220, (18, 32)).astype(np.uint8)
    picture = cv2.resize(coarse, (640, 360), interpolation=cv2.INTER_NEAREST)
    return np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def code_of(*pictures: np.ndarray, step_ms: int = 2000) -> set[PictureCode]:
    looks: list[Look] = []
    for number, picture in enumerate(pictures):
        previous = pictures[number - 1] if number else None
        looks.append(look_at(picture, at_ms=number * step_ms, previous=previous))
    return {hint.code for hint in hints_from(looks, duration_ms=len(looks) * step_ms)}


def picture_at(strip: Strip, number: int) -> np.ndarray:
    """Return one thumbnail, blue green red."""
    sheet, within = divmod(number, PER_SHEET)
    image = cv2.imdecode(np.frombuffer(strip.sheets[sheet], np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    row, column = divmod(within, COLUMNS)
    top, left = row * strip.height, column * strip.width
    return image[top : top + strip.height, left : left + strip.width]


def test_thumbnails_lie_in_rows_in_time_order() -> None:
    film = films.made(
        "mp4",
        *("-f", "lavfi", "-i", "color=red:s=320x180:r=25:d=6"),
        *("-f", "lavfi", "-i", "color=blue:s=320x180:r=25:d=6"),
        *("-filter_complex", "[0][1]concat"),
        *GOP,
    )
    strip = seen(film, duration_ms=12_000).strip
    assert (strip.count, strip.every_ms, strip.width, strip.height) == (12, 1000, 160, 90)
    assert len(strip.sheets) == 1
    for number in range(12):
        blue, _, red = picture_at(strip, number)[45, 80]
        assert (blue > 150 > red) if number > 6 else (red > 150 > blue) or number == 6


def test_thumbnails_of_a_turned_film_stand_upright() -> None:
    strip = seen(films.turned_film(90), duration_ms=1000).strip
    assert strip.height == 284
    blue, _, red = picture_at(strip, 0)[40, 80]
    assert red > 150 > blue


def test_a_long_film_has_a_picture_for_every_two_seconds_on_small_sheets() -> None:
    film = films.made(
        "mp4",
        *("-f", "lavfi", "-i", "color=gray:s=64x36:r=1/20:d=3600"),
        *("-f", "lavfi", "-i", "color=white:s=64x36:r=1/20:d=3600"),
        *("-filter_complex", "[0][1]concat"),
        *films.X264,
        *("-g", "1"),
    )
    strip = seen(film, duration_ms=7_200_000).strip
    assert (strip.count, strip.every_ms) == (MOST, 2000)
    assert len(strip.sheets) == MOST // PER_SHEET
    assert picture_at(strip, 1780).mean() < 150
    assert picture_at(strip, 1820).mean() > 240
    assert picture_at(strip, MOST - 1).mean() > 240


def test_a_picture_after_the_end_that_is_told_stands_for_what_has_none() -> None:
    film = films.made(
        "mkv", *films.tone(1), "-itsoffset", "5", *films.picture(1), *films.X264, *films.AAC
    )
    strip = seen(film, duration_ms=3000).strip
    assert strip.count == 3
    assert picture_at(strip, 0).std() > 20


def test_sound_alone_has_no_pictures() -> None:
    with pytest.raises(EngineFailed):
        seen(films.made("wav", *films.tone(1)), duration_ms=1000)


def test_a_lively_sharp_scene_gives_no_hint() -> None:
    assert code_of(*(scene(seed) for seed in range(8))) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: (p * 0.15).astype(np.uint8), PictureCode.DARK),
        (lambda p: np.full_like(p, 14), PictureCode.COVERED),
        (lambda p: np.clip(p * 0.2 + 215, 0, 255).astype(np.uint8), PictureCode.OVER_EXPOSED),
        (lambda p: cv2.GaussianBlur(p, (0, 0), 10), PictureCode.MAYBE_OUT_OF_FOCUS),
    ],
)
def test_a_spoiled_picture_is_hinted_at(change, code: PictureCode) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    assert code in code_of(*(change(scene(seed)) for seed in range(8)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: (p * 0.15).astype(np.uint8), PictureCode.DARK),
        (lambda p: np.full_like(p, 14), PictureCode.COVERED),
        (lambda p: np.clip(p * 0.2 + 215, 0, 255).astype(np.uint8), PictureCode.OVER_EXPOSED),
        (lambda p: cv2.GaussianBlur(p, (0, 0), 10), PictureCode.MAYBE_OUT_OF_FOCUS),
    ],
)
def test_what_spoils_a_part_is_told_with_its_time(change, code: PictureCode) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    pictures = [change(scene(n)) if 5 <= n < 12 else scene(n) for n in range(16)]
    looks = [
        look_at(p, at_ms=i * 2000, previous=pictures[i - 1] if i else None)
        for i, p in enumerate(pictures)
    ]
    found = [hint for hint in hints_from(looks, duration_ms=32_000) if hint.code is code]
    assert found == [PictureHint(code, 10_000, 24_000)]


def test_a_frozen_picture_is_hinted_at_with_its_time() -> None:
    pictures = [scene(0), scene(1), scene(2), *[scene(3)] * 5, scene(4), scene(5), scene(6)]
    looks = [
        look_at(p, at_ms=i * 2000, previous=pictures[i - 1] if i else None)
        for i, p in enumerate(pictures)
    ]
    hints = hints_from(looks, duration_ms=22_000)
    assert hints == (PictureHint(PictureCode.FROZEN, 8000, 16_000),)


def test_a_hint_reaches_to_the_end_of_the_film() -> None:
    looks = [look_at(np.full((360, 640), 10, np.uint8), at_ms=t, previous=None) for t in (0, 2000)]
    assert hints_from(looks, duration_ms=5000) == (PictureHint(PictureCode.COVERED, 0, 5000),)


def test_no_looks_no_hints() -> None:
    assert hints_from([], duration_ms=0) == ()


def test_covering_the_lens_shows_in_a_film() -> None:
    film = films.made(
        "mp4",
        *films.picture(8),
        *("-vf", "drawbox=enable='gte(t,4)':color=black:t=fill"),
        *(*films.X264, "-g", "25", "-sc_threshold", "0"),
    )
    covered = [h for h in seen(film, duration_ms=8000).hints if h.code is PictureCode.COVERED]
    assert covered == [PictureHint(PictureCode.COVERED, 4000, 8000)]


def test_what_moves_shows_in_its_seconds_and_a_moved_camera_does_not() -> None:
    film = films.moving_film(14, moves_s=(4, 7), shakes_s=10)
    found = seen(film, duration_ms=14_000).movement
    assert found.every_ms == 1000
    moving = found.levels[4:7]
    shaken = (UNKNOWN, UNKNOWN)  # there and back
    assert found.levels == (0, 0, 0, 0, *moving, 0, 0, *shaken, 0, 0, UNKNOWN)
    assert min(moving) > 20
    assert UNKNOWN not in moving


def test_how_often_a_film_has_key_pictures_makes_little_difference() -> None:
    film = films.moving_film(6, moves_s=(1, 4))
    every = films.made("mp4", "-i", "SOURCE", *films.X264, "-g", "1", source=film)
    few, many = (seen(each, duration_ms=6_000).movement.levels for each in (film, every))
    assert np.abs(np.subtract(few, many))[1:4].max() <= 8
