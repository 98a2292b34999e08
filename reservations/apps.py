"""Seats, holds, bookings and tickets."""

from django.apps import AppConfig


class ReservationsConfig(AppConfig):
    name = "reservations"
