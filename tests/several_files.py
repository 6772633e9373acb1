"""Films that arrive in several files: made small, and put where an upload leaves them."""

import io
from collections.abc import Sequence

from consent.model import RecordingId
from pipeline.rehearsal import SAMPLE
from storage import parts, uploads
from storage.home import Home
from storage.records import FilmPart, PartId, PartKind, UserId
from tests import films

WIDE, TALL = "160x90", "90x160"


def camera(
    start: float,
    seconds: float,
    *,
    suffix: str = "mp4",
    size: str = WIDE,
    made_at: str = "",
    sound: bool = True,
) -> bytes:
    """Return a piece of the sample's sound under a small picture, as one file of a camera.

    From second 53 on hardly a second of the sample is silent.
    """
    stamp = ("-metadata", f"creation_time={made_at}") if made_at else ()
    heard = (*films.AAC, "-ac", "1") if sound else ("-an",)
    return films.made(
        suffix,
        *films.picture(seconds, size=size),
        *("-ss", str(start), "-t", str(seconds), "-i", str(SAMPLE)),
        *("-map", "0:v", "-map", "1:a", *films.X264, "-g", "25", *heard, *stamp),
    )


def recorder(start: float, seconds: float, *, faster: float = 1.0) -> bytes:
    """Return the same conversation as a recorder heard it: louder, brighter, another clock."""
    rate = round(48_000 / faster)
    return films.made(
        "wav",
        *("-ss", str(start), "-t", str(seconds), "-i", str(SAMPLE), "-vn", "-ac", "2"),
        *("-af", f"highpass=150,volume=2,aresample=48000,asetrate={rate},aresample=48000"),
    )


def received(home: Home, recording: RecordingId, *, owner: UserId, files: Sequence[bytes]) -> None:
    """Announce files in this order and let all of each arrive."""
    announced = [
        FilmPart(PartId(f"f{number}"), recording, PartKind.CAMERA)
        for number, _ in enumerate(files, start=1)
    ]
    with home.transaction() as tx:
        parts.arrange(tx, recording, announced)
    for part, content in zip(announced, files, strict=True):
        arrived(home, recording, part.id, owner=owner, content=content)


def arrived(
    home: Home, recording: RecordingId, part: PartId, *, owner: UserId, content: bytes
) -> None:
    """Let all of one announced file arrive."""
    with home.transaction() as tx:
        upload = uploads.begin_upload(
            tx,
            recording,
            owner=owner,
            length=len(content),
            expires_at=tx.at + uploads.LIFETIME,
            part=part,
        )
    with home.vault.begin_upload(
        recording, upload=upload.id, length=len(content), part=part
    ) as writer:
        writer.append(content)
    blob = home.vault.finish_upload(recording, upload=upload.id, length=len(content), part=part)
    with home.transaction() as tx:
        uploads.set_offset(tx, upload.id, offset=len(content))
        uploads.finish_upload(tx, upload.id, source=blob)


def readers(*files: bytes) -> list[io.BytesIO]:
    """Return what reads each file."""
    return [io.BytesIO(file) for file in files]
