"""The sentences that the rehearsal model learns, and which of them it never gets to see.

Here live the inventory (sentences.toml), the filling of its slots and the split into trained
and unseen sentences. Speech is made in synth.py.

The split depends on nothing but the text, so every tool agrees on it: about one in five slot
combinations is kept from training; sentences without a slot never are.
"""

import argparse
import hashlib
import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path

_SLOT = re.compile(r"\{(\w+)\}")
_ONE_IN = 5


class Split(StrEnum):
    """Which sentences to draw."""

    TRAINED = "trained"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Inventory:
    """All templates in a fixed order, and the values of their slots."""

    templates: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]


@cache
def inventory() -> Inventory:
    """Return the inventory of sentences.toml."""
    data = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))
    return Inventory(
        templates=tuple(chain.from_iterable(data["templates"].values())),
        slots={name: tuple(values) for name, values in data["slots"].items()},
    )


def is_unseen(text: str) -> bool:
    """Return whether a slot combination belongs to the fifth that training never sees."""
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % _ONE_IN == 0


def fill(template: str, *, rng: random.Random) -> str:
    """Return a template with every slot filled at random and a capital first letter.

    A slot that occurs twice gets two different values.
    """
    used: dict[str, list[str]] = {}

    def pick(match: re.Match[str]) -> str:
        slot = match.group(1)
        taken = used.setdefault(slot, [])
        value = rng.choice([v for v in inventory().slots[slot] if v not in taken])
        taken.append(value)
        return value

    text = _SLOT.sub(pick, template)
    return text[0].upper() + text[1:]


def draw(rng: random.Random, *, split: Split = Split.TRAINED) -> str:
    """Return one random sentence of a split.

    A sentence without slots counts as trained.
    """
    while True:
        template = rng.choice(inventory().templates)
        has_slot = _SLOT.search(template) is not None
        if split is Split.UNSEEN and not has_slot:
            continue
        text = fill(template, rng=rng)
        if not has_slot or is_unseen(text) == (split is Split.UNSEEN):
            return text


def template_of(text: str) -> str | None:
    """Return the template that a sentence comes from, or None where the model knows no such one."""
    for template in inventory().templates:
        parts = _SLOT.split(template)  # text, slot, text, slot, …, text
        pattern = "".join(
            f"(?:{'|'.join(map(re.escape, inventory().slots[part]))})" if i % 2 else re.escape(part)
            for i, part in enumerate(parts)
        )
        if re.fullmatch(pattern, text, re.IGNORECASE):
            return template
    return None


def main() -> None:
    """Print some random sentences."""
    parser = argparse.ArgumentParser(description="Print random sentences of the inventory.")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--split", type=Split, default=Split.TRAINED, choices=list(Split))
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    for _ in range(args.count):
        print(draw(rng, split=args.split))


if __name__ == "__main__":
    main()
