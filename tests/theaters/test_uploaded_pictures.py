"""Uploaded pictures keep only their pixels, upright and not too large; anything that is no picture, or a bomb, is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps, PngImagePlugin

from theaters.movies.house_pictures import as_photo, as_poster
from theaters.movies.uploaded_pictures import PictureRefused, as_jpeg, redrawn

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


def display_p3() -> bytes:
    """A profile like Display P3: the primaries of DCI-P3 with a plain curve (gamma 1), as matrix and curves."""
    primaries = [(0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)]

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x0100) + b"\0\0"
    text = b"text\0\0\0\0P3\0\0"
    tags = {b"cprt": text, b"wtpt": xyz((0.9642, 1.0, 0.8249))}
    tags |= dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, primaries), strict=True))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    place, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        table += name + struct.pack(">II", place + len(data), len(content))
        data += content
    head = struct.pack(">I4sI4s4s4s", place + len(data), b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB")])
def test_the_colors_that_a_profile_means_are_kept(kind, mode):
    """With a plain curve half of full green looks light green; without the profile it would look dark."""
    meant = upload(plain(mode=mode, color="#008000"), kind, icc_profile=display_p3())
    red, green, blue = opened(as_poster(meant)).convert("RGB").getpixel((100, 100))
    assert red < 40 and 175 <= green <= 200 and blue < 70


def test_a_picture_without_a_profile_keeps_its_numbers():
    assert opened(as_poster(upload(plain(color="#008000"), "PNG"))).convert("RGB").getpixel((100, 100))[1] in range(
        124, 133
    )


@pytest.mark.parametrize("tail", [b"<?php evil ?>", b"PK\x03\x04 a zip", b"<script>alert(1)</script>"])
def test_data_behind_a_picture_is_removed(tail):
    file = SimpleUploadedFile("a.png", upload(plain(), "PNG").read() + tail)
    assert tail not in as_poster(file).read()


def test_a_turned_picture_is_put_upright_and_stays_large():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    kept = opened(as_poster(upload(plain((3600, 2400)), "JPEG", exif=exif)))
    assert kept.size == (1200, 1800)


def test_a_small_picture_is_not_enlarged():
    assert opened(as_poster(upload(plain((30, 45)), "PNG"))).size == (30, 45)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_parts_become_white(mode):
    clear = Image.new("RGBA", (40, 60), (0, 0, 0, 0)).convert(mode)
    options = {"transparency": clear.getpixel((0, 0))} if mode == "P" else {}
    assert redrawn(upload(clear, "PNG", **options), largest=(40, 60)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "CMYK"])
def test_every_mode_becomes_a_picture(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("I;16", (30, 45), 40_000) if mode == "I;16" else plain((30, 45), mode)
    assert opened(as_jpeg(redrawn(upload(image, kind), largest=(30, 45)))).mode == "RGB"


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be huge, with next to nothing inside."""

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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_notes_of_the_camera_are_no_reason_to_refuse_a_picture(kind):
    """The block about the place says that it has 127 entries, which Pillow reads and cannot write again."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x8769] = {0x9003: "2020:01:01 00:00:00"}
    notes[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    odd = notes.tobytes().replace(b"\0\x02\0\x01\0\x02\0\0\0\x02N", b"\0\x7f\0\x01\0\x02\0\0\0\x02N")
    assert odd != notes.tobytes()
    assert redrawn(upload(plain((300, 450)), kind, exif=odd), largest=(1200, 1800)).size == (450, 300)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(orientation):
    """As Pillow's own function turns it."""
    corners = Image.new("RGB", (3, 2))
    corners.putpixel((0, 0), (255, 0, 0))
    corners.putpixel((2, 1), (0, 0, 255))
    notes = Image.Exif()
    notes[0x0112] = orientation
    taken = upload(corners, "PNG", exif=notes)
    assert redrawn(taken, largest=(9, 9)).tobytes() == ImageOps.exif_transpose(Image.open(taken)).tobytes()
