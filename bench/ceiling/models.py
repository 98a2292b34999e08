from django.db import models


class Show(models.Model):
    title = models.CharField(max_length=100)
    starts_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class ShowSeat(models.Model):
    show = models.ForeignKey(Show, on_delete=models.CASCADE)
    label = models.CharField(max_length=8)
    holder = models.CharField(max_length=64, null=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["show", "label"], name="ceiling_seat_once_per_show")]

    def __str__(self) -> str:
        return self.label
