"""The ids and addresses of showtimes for the benchmarks; `filling` creates them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class World:
    """Ids and addresses. Seats of a plan are named row by row; `seats_300[0]` is A1."""

    seats_300: list[str]
    seats_3000: list[str]
    page_300: int
    page_1500: int
    many: list[int]
    hot: int
    rushes: list[int]
    sell_outs: list[int]
    checkouts: list[int]
    few_listing: str
    few_movie: str
    many_listing: str
    many_movie: str
    large_listing: str
