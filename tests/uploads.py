"""Files as people attach them, made by real programs or byte by byte; and what others would slip in."""

import struct
import time
import wave
import zipfile
from collections.abc import Mapping
from io import BytesIO

import xlwt
from docx import Document
from openpyxl import Workbook
from PIL import Image

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def photo(form: str = "JPEG", size: tuple[int, int] = (320, 240)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "#1f5fbf").save(target, form)
    return target.getvalue()


def pdf() -> bytes:
    target = BytesIO()
    at = time.gmtime(0)  # the same content each time, for what is attached twice
    Image.new("RGB", (200, 300), "white").save(target, "PDF", creationDate=at, modDate=at)
    return target.getvalue()


def docx() -> bytes:
    document, target = Document(), BytesIO()
    document.add_paragraph("关于企业反映问题的情况说明")
    document.save(target)
    return target.getvalue()


def xlsx() -> bytes:
    book, target = Workbook(), BytesIO()
    book.save(target)
    return target.getvalue()


def xls() -> bytes:
    book, target = xlwt.Workbook(), BytesIO()
    book.add_sheet("台账").write(0, 0, "企业")
    book.save(target)
    return target.getvalue()


def archive(members: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def pptx() -> bytes:
    main = (
        b'<Override ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/>'
    )
    return archive({"[Content_Types].xml": main, "ppt/presentation.xml": b"<p/>"})


def ofd() -> bytes:
    return archive({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})


def with_macros() -> bytes:
    target = BytesIO(docx())
    with zipfile.ZipFile(target, "a") as made:
        made.writestr("word/vbaProject.bin", b"Attribute VB_Name")
    return target.getvalue()


def wav() -> bytes:
    target = BytesIO()
    with wave.open(target, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\0\0" * 800)
    return target.getvalue()


def mp3(*, tagged: bool = True) -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s at 44.1 kHz: 417 bytes
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) if tagged else b""
    return tag + frame * 4


def amr() -> bytes:
    return b"#!AMR\n" + bytes(64)


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def movie(brand: bytes = b"isom", handler: bytes = b"vide") -> bytes:
    moov = box(b"moov", box(b"hdlr", bytes(8) + handler + bytes(12)))
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"mdat", bytes(200)) + moov


def webm() -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(100)
