"""Admin pages of houses, theaters, movies, auditoriums and prices. Those of showtimes are in boxoffice, because
publishing needs more apps.
"""

from theaters.admin import auditoriums, houses, movies, price_rules, prices, seat_categories, theaters, ticket_types

__all__ = ["auditoriums", "houses", "movies", "price_rules", "prices", "seat_categories", "theaters", "ticket_types"]
