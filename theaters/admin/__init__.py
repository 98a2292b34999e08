"""The program and the house. Showtimes are in the staff's wing: publishing one needs more than this app."""

from theaters.admin import auditoriums, movies, prices, theaters

__all__ = ["auditoriums", "movies", "prices", "theaters"]
