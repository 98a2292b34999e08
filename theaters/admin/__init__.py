"""The program and the house. Showtimes are in the staff's wing: publishing one needs more than this app."""

from theaters.admin import audit, auditoriums, movies, people, prices, theaters

__all__ = ["audit", "auditoriums", "movies", "people", "prices", "theaters"]
