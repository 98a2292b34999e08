"""The sizes of uploaded pictures: posters, stills, logos, news, and photos of theaters."""

from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from theaters.movies.uploaded_pictures import PictureRefused, as_jpeg, as_webp, redrawn

LARGEST_POSTER, LARGEST_LOGO, LARGEST_NEWS_PICTURE = (1200, 1800), (640, 160), (1600, 1200)
LARGEST_STILL = (1600, 1200)
LARGEST_PHOTO, SMALL_PHOTO = (1920, 1440), (800, 800)
SMALLEST_PHOTO = (800, 400)


@dataclass(frozen=True)
class Photo:
    """A photo in two sizes, for wide screens and phones. The measures are the large one's."""

    large: ContentFile
    small: ContentFile
    width: int
    height: int


def as_poster(upload: UploadedFile) -> ContentFile:
    """Redraw an upload as a JPEG of at most 1200 × 1800. Raises PictureRefused."""
    return as_jpeg(redrawn(upload, largest=LARGEST_POSTER))


def as_news_picture(upload: UploadedFile) -> ContentFile:
    """Redraw an upload as a JPEG of at most 1600 × 1200. Raises PictureRefused."""
    return as_jpeg(redrawn(upload, largest=LARGEST_NEWS_PICTURE))


def as_still(upload: UploadedFile) -> ContentFile:
    """Redraw an upload as a JPEG of at most 1600 × 1200. Raises PictureRefused."""
    return as_jpeg(redrawn(upload, largest=LARGEST_STILL))


def as_logo(upload: UploadedFile) -> ContentFile:
    """Redraw an upload as a WebP of at most 640 × 160, with its transparency. Raises PictureRefused."""
    return as_webp(redrawn(upload, largest=LARGEST_LOGO, keep_transparency=True))


def as_photo(upload: UploadedFile) -> Photo:
    """Redraw an upload at no more than 1920 × 1440. Raises PictureRefused, also when it is too small to fill a page."""
    large = redrawn(upload, largest=LARGEST_PHOTO)
    if large.width < SMALLEST_PHOTO[0] or large.height < SMALLEST_PHOTO[1]:
        raise PictureRefused("This picture is too small to open a page: it needs 800 × 400 pixels or more.")
    small = large.copy()
    small.thumbnail(SMALL_PHOTO)
    return Photo(as_jpeg(large), as_jpeg(small), large.width, large.height)
