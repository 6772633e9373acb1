"""Recognizes the sample, builds the app, and prints every outside address that was asked for.

A program of its own, because Python's audit hooks cannot be taken off, and because a library may
call home while it is imported. With ``--call-out`` it does what must not be done.
"""

import json
import socket
import sys
from contextlib import suppress
from ipaddress import ip_address

NEAR = {"localhost", "", None}
asked: list[str] = []


def note(event: str, arguments: tuple[object, ...]) -> None:
    """Note where a socket is to go; names and addresses of this machine do not count."""
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not is_near(host):
        asked.append(f"{event} {host!r}")


def is_near(host: object) -> bool:
    """Return whether a host is this machine."""
    if host in NEAR:
        return True
    with suppress(ValueError):
        return ip_address(str(host)).is_loopback
    return False


def process_the_sample() -> None:
    """Decode, recognize, attribute and tag the sample; then build the app."""
    from pipeline.evaluation import evaluate_sample
    from pipeline.rehearsal import sample_script
    from review_app.server import build
    from storage.codebooks.matching.tagging import suggest_tags
    from storage.codebooks.shipped import shipped_codebooks
    from storage.records import Turn, Word

    evaluate_sample(progress=lambda _: None)
    turns = tuple(
        Turn(
            index=index,
            start_ms=line.start_ms,
            end_ms=line.end_ms,
            speaker=line.role.value,
            words=tuple(Word(word.start_ms, word.end_ms, word.text) for word in line.words),
        )
        for index, line in enumerate(sample_script().lines)
    )
    if not suggest_tags(turns, shipped_codebooks(), language="da"):
        sys.exit("no tag was suggested")
    build()


if __name__ == "__main__":
    sys.addaudithook(note)
    if "--call-out" in sys.argv[1:]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward, suppress(OSError):
            outward.connect(("192.0.2.1", 9))  # reserved for examples; sends nothing
    else:
        process_the_sample()
    sys.stdout.write(json.dumps(asked) + "\n")
