"""Pictures from a movie."""

from django.core.validators import FileExtensionValidator
from django.db import models

from core.texts.described_pictures import DescribedPicture
from theaters.models.movies import Movie


class MovieStill(DescribedPicture):
    """A picture on the page of its movie, written anew when it was uploaded. `position` orders them."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="stills")
    picture = models.ImageField(
        upload_to="stills/",
        width_field="width",
        height_field="height",
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
    )
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    alt = models.CharField(
        "description",
        max_length=160,
        help_text="What is to be seen, for people who do not see it: Ripley with the cat in the escape shuttle.",
    )
    position = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.alt
