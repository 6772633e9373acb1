"""The outermost parts of an mp4 or mov. Read only to say why such a film cannot be opened."""

from pipeline.engines.containers import Reader

_BOX_HEADER = 8
_BOX_KINDS = {b"ftyp", b"mdat", b"wide", b"free", b"skip", b"moov"}


def lacks_its_index(reader: Reader, *, size: int) -> bool:
    """Return whether this begins as an mp4 or mov but its index never comes.

    So it is with a camera that was switched off in the middle, or a copy that was cut off.
    Source: ISO/IEC 14496-12, 4.2 (boxes).
    """
    place = 0
    while place + _BOX_HEADER <= size:
        reader.seek(place)
        header = reader.read(2 * _BOX_HEADER) or b""
        kind = header[4:8]
        if kind not in _BOX_KINDS:
            return place > 0
        length = int.from_bytes(header[:4])
        if length == 1:
            length = int.from_bytes(header[8:16])
        if kind == b"moov":
            return place + length > size
        if length < _BOX_HEADER:
            return True
        place += length
    return place > 0
