"""The compositions: each draws one sheet. A new one is a module here and a line below."""

from collections.abc import Callable

from theaters.posters.compositions import (
    angles,
    arch,
    beam,
    city,
    clock,
    eye,
    flames,
    headlines,
    horizon,
    letter,
    moon,
    pair,
    peaks,
    road,
    shadow,
    spiral,
    stairs,
    train,
    wheel,
    window,
)
from theaters.posters.kit import Sheet

COMPOSITIONS: dict[str, Callable[[Sheet], None]] = {
    "letter": letter.draw,
    "horizon": horizon.draw,
    "eye": eye.draw,
    "stairs": stairs.draw,
    "moon": moon.draw,
    "clock": clock.draw,
    "train": train.draw,
    "shadow": shadow.draw,
    "angles": angles.draw,
    "arch": arch.draw,
    "beam": beam.draw,
    "city": city.draw,
    "flames": flames.draw,
    "headlines": headlines.draw,
    "pair": pair.draw,
    "peaks": peaks.draw,
    "road": road.draw,
    "spiral": spiral.draw,
    "wheel": wheel.draw,
    "window": window.draw,
}

# The others tell a story of their own and want to be asked for.
FOR_ANY_MOVIE = ("letter", "horizon", "eye", "beam", "city", "road", "spiral")
