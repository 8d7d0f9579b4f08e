"""The files that customers attach: real bytes of the kind their name says, made when they are asked for."""

import struct
import zlib
from functools import cache

from tuidesk.domain.model import Attachment

_TYPES = {
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "wav": "audio/wav",
    "txt": "text/plain",
}


def attachment(name: str) -> Attachment:
    """What a message says of a file; its name is also its ref."""
    return Attachment(name=name, size=len(content(name)), type=_TYPES[_ending(name)], ref=name)


@cache
def content(name: str) -> bytes:
    """The bytes of the file called `name`: always the same ones.

    Raises:
        KeyError: nobody here makes such a file.
    """
    return {"png": _png, "pdf": _pdf, "csv": _csv, "wav": _wav, "txt": _txt}[_ending(name)](name)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _png(name: str) -> bytes:
    """A photograph of sorts: 120×90, in two colours that the name chooses (PNG, third edition, §11)."""
    width, height, tint = 120, 90, zlib.crc32(name.encode())
    red, green = tint & 0x7F, tint >> 8 & 0x7F
    rows = b"".join(
        b"\0" + b"".join(bytes((red + x, green + y, (x ^ y) & 0xFF)) for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _pdf(name: str) -> bytes:
    """One page with one line of text (ISO 32000-1, §7.5)."""
    line = name.rpartition(".")[0].encode("ascii", "replace").translate(None, b"()\\")
    stream = b"BT /F1 18 Tf 72 720 Td (Acme: " + line + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (count, table, end)


def _csv(name: str) -> bytes:
    lines = ["order,item,quantity,price"]
    tint = zlib.crc32(name.encode())
    lines += [f"{8800 + n},item {n},{1 + (tint >> n) % 4},{9 + n}.90" for n in range(24)]
    return ("\r\n".join(lines) + "\r\n").encode()


def _wav(name: str) -> bytes:
    """A second of a low tone, 8 bits at 8 kHz."""
    half_wave = 16 + zlib.crc32(name.encode()) % 16
    samples = bytes(112 + 32 * (n // half_wave % 2) for n in range(8000))
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8
    )
    return head + struct.pack("<4sI", b"data", len(samples)) + samples


def _txt(name: str) -> bytes:
    lines = (f"12:{n // 60:02d}:{n % 60:02d} app: GET /session -> 302 /login" for n in range(0, 600, 7))
    return (f"{name}\n" + "\n".join(lines) + "\n").encode()
