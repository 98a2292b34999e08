"""An uploaded poster is never kept as it came: it is read as a picture and written anew."""

import secrets
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LARGEST = (1200, 1800)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
FORMATS = ("JPEG", "PNG", "WEBP")


class PosterRefused(Exception):
    """The sentence says why this picture cannot be a poster."""


def as_poster(upload: UploadedFile) -> ContentFile:
    """The picture alone, upright and at most 1200 × 1800: no metadata, no hidden passenger. Raises PosterRefused."""
    if (upload.size or 0) > MOST_BYTES:
        raise PosterRefused("This file is larger than 5 MB. Save the picture smaller and try again.")
    upload.seek(0)
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            # The size stands in the head of the file: a bomb is refused before a pixel is unpacked.
            if picture.width * picture.height > MOST_PIXELS:
                raise PosterRefused("This picture has more than 40 million pixels. Save it smaller and try again.")
            written = _written(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, *BOMBS):
        raise PosterRefused("This is not a picture we can read. Use a JPEG, PNG or WebP file.") from None
    return ContentFile(written, name=f"{secrets.token_hex(8)}.jpg")


def _written(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "P"):
        # Where a poster is transparent it hangs on paper.
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    upright = upright.convert("RGB")
    upright.thumbnail(LARGEST)
    out = BytesIO()
    upright.save(out, "JPEG", quality=86, optimize=True, progressive=True)
    return out.getvalue()
