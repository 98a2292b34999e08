"""Photos of a theater: foyer, auditorium, front. Each is stored in two sizes, encoded anew from the upload."""

from django.core.validators import FileExtensionValidator
from django.db import models

from core.texts.described_pictures import DescribedPicture
from houses.models.theaters import Theater


class TheaterPhoto(DescribedPicture):
    """A photo on a theater's page below the main one, ordered by place."""

    theater = models.ForeignKey(Theater, on_delete=models.CASCADE, related_name="photos")
    place = models.PositiveSmallIntegerField(default=1, db_default=1, help_text="1 comes first.")
    photo = models.ImageField(
        upload_to="theaters/", validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])]
    )
    photo_small = models.ImageField(upload_to="theaters/", editable=False)
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    alt = models.CharField(
        "what it shows", max_length=160, help_text="In a few words, for people who do not see it: the bar in the foyer."
    )
    credit = models.CharField("photo by", max_length=120, blank=True, db_default="")

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = "photo"

    def __str__(self) -> str:
        return self.alt

    @property
    def files(self) -> tuple[models.fields.files.FieldFile, ...]:
        return self.photo, self.photo_small
