"""Theaters, auditoriums, seating plans, movies, prices and showtimes."""

from django.apps import AppConfig


class TheatersConfig(AppConfig):
    name = "theaters"
