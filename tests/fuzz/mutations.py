"""What is done to a good film to make it a bad one. The same seed does the same."""

import random
from collections.abc import Callable

from tests.fuzz.material import FIELDS, RECIPES, film_of

EXTREMES = (
    bytes(4),
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"\x00\x00\x00\x01",
    b"\x00\x00\x00\x08",
    (36_000_000).to_bytes(4),  # ten hours in milliseconds
    (36_000_000).to_bytes(4, "little"),
    (10_000).to_bytes(4),
    (65_535).to_bytes(4),
    b"\xff\xff\x00\x00",
)
HEADER_BYTES = 64
MOST_FLIPS = 200

Mutation = Callable[[bytearray, random.Random, str], None]


def mutated(kind: str, number: int, *, seed: int) -> bytes:
    """Return a broken film of a kind; number 0 is the good one."""
    film = bytearray(film_of(kind))
    if number:
        chance = random.Random(f"{seed}/{kind}/{number}")  # noqa: S311 - to be repeated
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            chance.choice(MUTATIONS)(film, chance, kind)
    return bytes(film)


def flip_bits(film: bytearray, chance: random.Random, _kind: str) -> None:
    for _ in range(chance.randint(1, MOST_FLIPS)):
        if film:
            film[chance.randrange(len(film))] ^= 1 << chance.randrange(8)


def flip_bits_in_front(film: bytearray, chance: random.Random, _kind: str) -> None:
    for _ in range(chance.randint(1, 12)):
        if film:
            film[chance.randrange(min(1024, len(film)))] ^= 1 << chance.randrange(8)


def cut_the_end(film: bytearray, chance: random.Random, _kind: str) -> None:
    del film[chance.randint(0, len(film)) :]


def cut_the_beginning(film: bytearray, chance: random.Random, _kind: str) -> None:
    del film[: chance.randint(0, min(len(film), 4096))]


def take_out(film: bytearray, chance: random.Random, _kind: str) -> None:
    start = chance.randint(0, len(film))
    del film[start : start + chance.randint(1, 2048)]


def say_twice(film: bytearray, chance: random.Random, _kind: str) -> None:
    start, at = chance.randint(0, len(film)), chance.randint(0, len(film))
    film[at:at] = film[start : start + chance.randint(1, 4096)]


def blank(film: bytearray, chance: random.Random, _kind: str) -> None:
    start = chance.randint(0, len(film))
    end = min(len(film), start + chance.randint(1, 4096))
    film[start:end] = bytes([chance.choice((0, 255))]) * (end - start)


def splice(film: bytearray, chance: random.Random, _kind: str) -> None:
    """Go on as another kind of film, or begin as one."""
    other = film_of(chance.choice(tuple(RECIPES)))
    at, there = chance.randint(0, len(film)), chance.randint(0, len(other))
    if chance.random() < 0.5:
        film[at:] = other[there:]
    else:
        film[:at] = other[:there]


def lie_in_a_header(film: bytearray, chance: random.Random, kind: str) -> None:
    """Overwrite a few bytes after one of the format's own names with extremes or with chance."""
    for _ in range(chance.randint(1, 4)):
        places = _places(film, chance.choice(FIELDS[kind]))
        if not places:
            continue
        at = chance.choice(places) + chance.randrange(HEADER_BYTES)
        value = chance.choice(EXTREMES) if chance.random() < 0.7 else chance.randbytes(4)
        value = value[: chance.choice((1, 2, 4))]
        film[at : at + len(value)] = value


def lie_about_a_length(film: bytearray, chance: random.Random, kind: str) -> None:
    """Overwrite what stands just before or after a name: how long the part is."""
    places = _places(film, chance.choice(FIELDS[kind]))
    if places:
        at = max(0, chance.choice(places) + chance.choice((-4, 4)))
        film[at : at + 4] = chance.choice(EXTREMES)


def rename_a_part(film: bytearray, chance: random.Random, kind: str) -> None:
    one, other = chance.choice(FIELDS[kind]), chance.choice(FIELDS[kind])
    places = _places(film, one)
    if places:
        at = chance.choice(places)
        film[at : at + len(one)] = other[: len(one)].ljust(len(one), b"\0")


def _places(film: bytearray, name: bytes) -> list[int]:
    found, at = [], film.find(name)
    while at >= 0 and len(found) < 64:
        found.append(at)
        at = film.find(name, at + 1)
    return found


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    flip_bits_in_front,
    cut_the_end,
    cut_the_beginning,
    take_out,
    say_twice,
    blank,
    splice,
    lie_in_a_header,
    lie_in_a_header,
    lie_in_a_header,
    lie_about_a_length,
    rename_a_part,
)
