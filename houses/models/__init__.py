"""Houses and the bare rows of their theaters."""

from houses.models.houses import House
from houses.models.theaters import Theater, validate_timezone

__all__ = ["House", "Theater", "validate_timezone"]
