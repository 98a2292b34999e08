"""Uploaded pictures: the pixels alone are kept, upright and no larger; what is no picture, or a bomb, is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from theaters.services.pictures import PictureRefused, as_jpeg, redrawn
from theaters.services.posters import as_photo, as_poster

SECRET = b"51.5N 0.1W hidden passenger"


def upload(image: Image.Image, kind: str, **options) -> SimpleUploadedFile:
    out = BytesIO()
    image.save(out, kind, **options)
    return SimpleUploadedFile(f"a.{kind.lower()}", out.getvalue())


def plain(size=(300, 450), mode="RGB", color="#b9862f") -> Image.Image:
    return Image.new("RGB", size, color).convert(mode)


def opened(kept) -> Image.Image:
    return Image.open(BytesIO(kept.read()))


def secrets() -> list[SimpleUploadedFile]:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    return [
        upload(plain(), "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET, xmp=SECRET),
        upload(plain(), "PNG", pnginfo=words, exif=exif, icc_profile=SECRET),
        upload(plain(), "WEBP", exif=exif, icc_profile=SECRET, xmp=SECRET),
    ]


@pytest.mark.parametrize("number", range(3), ids=["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_is_kept(number):
    dirty = secrets()[number]
    kept = as_poster(dirty).read()
    assert SECRET not in kept
    with Image.open(BytesIO(kept)) as image:
        assert (image.format, image.getexif(), {"comment", "icc_profile", "xmp", "exif"} & image.info.keys()) == (
            "JPEG",
            {},
            set(),
        )


@pytest.mark.parametrize("tail", [b"<?php evil ?>", b"PK\x03\x04 a zip", b"<script>alert(1)</script>"])
def test_what_hangs_behind_a_picture_is_gone(tail):
    file = SimpleUploadedFile("a.png", upload(plain(), "PNG").read() + tail)
    assert tail not in as_poster(file).read()


def test_a_picture_on_its_side_stands_up_and_stays_large():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    kept = opened(as_poster(upload(plain((3600, 2400)), "JPEG", exif=exif)))
    assert kept.size == (1200, 1800)


def test_a_small_picture_is_not_blown_up():
    assert opened(as_poster(upload(plain((30, 45)), "PNG"))).size == (30, 45)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_hangs_on_paper(mode):
    clear = Image.new("RGBA", (40, 60), (0, 0, 0, 0)).convert(mode)
    options = {"transparency": clear.getpixel((0, 0))} if mode == "P" else {}
    assert redrawn(upload(clear, "PNG", **options), largest=(40, 60)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "CMYK"])
def test_every_mode_becomes_a_picture(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("I;16", (30, 45), 40_000) if mode == "I;16" else plain((30, 45), mode)
    assert opened(as_jpeg(redrawn(upload(image, kind), largest=(30, 45)))).mode == "RGB"


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, with next to nothing inside."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.png", bomb(100_000, 100_000)),
        ("large.png", bomb(8_000, 6_000)),
        ("short.png", bomb(50, 50)),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.jpg", b"\xff\xd8\xff\xe0 and then nothing"),
        ("a.png", b"GIF89a"),
        ("a.jpg", b"<!doctype html><html></html>"),
        ("a.webp", b""),
        ("a.png", b"x" * (5 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_no_picture_or_a_bomb_is_refused(name, content):
    with pytest.raises(PictureRefused):
        as_poster(SimpleUploadedFile(name, content))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_formats_are_refused(kind):
    with pytest.raises(PictureRefused, match="JPEG, PNG or WebP"):
        as_poster(upload(plain(), kind))


@pytest.mark.parametrize("size", [(799, 600), (1600, 399)])
def test_a_photo_that_would_be_blurred_is_refused(size):
    with pytest.raises(PictureRefused, match="too small"):
        as_photo(upload(plain(size), "JPEG"))


def test_a_photo_is_kept_twice_with_its_measures():
    photo = as_photo(upload(plain((2400, 1200)), "JPEG"))
    assert (photo.width, photo.height) == (1920, 960)
    assert (opened(photo.large).size, opened(photo.small).size) == ((1920, 960), (800, 400))
    assert photo.large.name != photo.small.name
