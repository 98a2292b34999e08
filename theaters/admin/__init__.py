"""The program and the house. Showtimes are in the staff's wing: publishing one needs more than this app."""

from theaters.admin import auditoriums, houses, movies, price_rules, prices, seat_categories, theaters, ticket_types

__all__ = ["auditoriums", "houses", "movies", "price_rules", "prices", "seat_categories", "theaters", "ticket_types"]
