"""Uploaded pictures are decoded and written anew; the uploaded bytes are never kept."""

import secrets
import struct
from contextlib import suppress
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from core.refusals import Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What decoders raise for files that were damaged, or made to do so.
DECODER_ERRORS = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, EOFError, struct.error,
    *BOMBS,
)  # fmt: skip
FORMATS = ("JPEG", "PNG", "WEBP")
# How the pixels are turned upright, by the orientation that the camera noted.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SEE_THROUGH = ("RGBA", "RGBa", "LA", "La", "PA", "P")


class PictureRefused(Refusal):
    """This picture cannot be used; the sentence says why."""


def redrawn(upload: UploadedFile, *, largest: tuple[int, int], keep_transparency: bool = False) -> Image.Image:
    """The pixels alone, turned upright and scaled down: no metadata and no other data of the file. Raises
    PictureRefused.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise PictureRefused("This file is larger than 5 MB. Save the picture smaller and try again.")
    upload.seek(0)
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            # The header of the file has the size, so a decompression bomb is refused before a pixel is decoded.
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureRefused("This picture has more than 40 million pixels. Save it smaller and try again.")
            return _fitted(picture, largest, keep_transparency=keep_transparency)
    except DECODER_ERRORS:
        raise PictureRefused("This is not a picture we can read. Use a JPEG, PNG or WebP file.") from None


def _fitted(picture: Image.Image, largest: tuple[int, int], *, keep_transparency: bool) -> Image.Image:
    # Have a large JPEG decoded at a fraction of its size; it stays large enough, also when it lies on its side.
    picture.draft("RGB", (max(largest), max(largest)))
    upright = _in_srgb(_upright(picture))
    if upright.mode in SEE_THROUGH and keep_transparency:
        fitted = upright.convert("RGBA")
        fitted.thumbnail(largest)
    elif upright.mode in SEE_THROUGH:
        # Transparent parts get a light background.
        layer = upright.convert("RGBA")
        layer.thumbnail(largest)
        fitted = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    else:
        fitted = upright.convert("RGB")
        fitted.thumbnail(largest)
    # Pillow would write comments, color profiles and the like again.
    fitted.info.clear()
    return fitted


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as its camera was held. Notes of the camera that cannot be read turn nothing.

    Pillow's own function would also write those notes anew, and fails at odd ones, which are thrown away here.
    """
    turn = None
    with suppress(*DECODER_ERRORS):
        turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return picture if turn is None else picture.transpose(turn)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The colors that a picture's own profile means (Display P3, Adobe RGB, CMYK), written as browsers read them
    without one.

    Without a profile, or with one that cannot be read, it stays as it is.
    """
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        if picture.mode not in SEE_THROUGH:
            return _converted(picture, meant)
        layer = picture.convert("RGBA")
        colors = _converted(layer.convert("RGB"), meant)
        colors.putalpha(layer.getchannel("A"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return colors


def _converted(picture: Image.Image, meant: ImageCms.ImageCmsProfile) -> Image.Image:
    converted = ImageCms.profileToProfile(picture, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert converted is not None  # None is for pictures that are changed in place
    return converted


def as_jpeg(picture: Image.Image) -> ContentFile:
    """Encode the picture as JPEG under a random file name."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=86, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(8)}.jpg")


def as_webp(picture: Image.Image) -> ContentFile:
    """Encode the picture as WebP, with transparency, under a random file name."""
    out = BytesIO()
    picture.save(out, "WEBP", lossless=True, exact=True)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(8)}.webp")
