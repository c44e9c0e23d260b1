"""winmail.dat as Outlook writes it ([MS-OXTNEF] §2.1), small and in our own making."""

import struct


def piece(level: int, name: int, data: bytes, kind: int = 6) -> bytes:
    """One attribute, with its checksum."""
    head = struct.pack("<BHHI", level, name, kind, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def begins() -> bytes:
    """What begins an attachment: how it is drawn."""
    return piece(2, 0x9002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 32, 32, 0))


def properties(name: int, value: bytes, kind: int = 0x1F) -> bytes:
    """A list of one property."""
    return struct.pack("<IHHII", 1, kind, name, 1, len(value)) + value + bytes(-len(value) % 4)


def title_and_data(name: str, content: bytes) -> bytes:
    """An attachment: its short title, its bytes, and its long name among the properties."""
    long_name = properties(0x3707, name.encode("utf-16-le") + b"\0\0")
    return (
        begins() + piece(2, 0x8010, b"FILE~1.TXT\0") + piece(2, 0x800F, content) + piece(2, 0x9005, long_name)
    )


def message(pieces: bytes) -> bytes:
    """The whole file: signature, key, version, code page, class, then *pieces*."""
    start = struct.pack("<IH", 0x223E9F78, 1) + piece(1, 0x9006, struct.pack("<I", 0x10000), 8)
    start += piece(1, 0x9007, struct.pack("<II", 1252, 0)) + piece(1, 0x8008, b"IPM.Microsoft Mail.Note\0", 7)
    return start + pieces


def packed(*files: tuple[str, bytes]) -> bytes:
    """A winmail.dat with these files."""
    return message(b"".join(title_and_data(name, content) for name, content in files))


def of_message(*values: tuple[int, int, bytes]) -> bytes:
    """A winmail.dat that holds a message without files: type, name and bytes of its properties."""
    rows = b""
    for kind, name, value in values:
        rows += struct.pack("<HH", kind, name)
        rows += value if kind == 3 else struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
    return message(piece(1, 0x9003, struct.pack("<I", len(values)) + rows))


def rich(text: bytes) -> bytes:
    """Rich text as it is put into a message: compressed, though nothing is said twice."""
    items = [text[at : at + 8] for at in range(0, len(text), 8)]
    packed_up = b"".join(b"\0" + item for item in items)
    return struct.pack("<IIII", len(packed_up) + 12, len(text), 0x75465A4C, 0) + packed_up
