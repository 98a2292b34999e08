"""Seat numbers in plan texts: single numbers, and runs up or down."""

from collections.abc import Iterator

SHORTEST_RUN = 3


def as_runs(numbers: list[int]) -> Iterator[str]:
    """Shorten numbers: 1 2 3 4 becomes 1-4; 9 7 5 stays."""
    at = 0
    while at < len(numbers):
        end = at + 1
        step = numbers[end] - numbers[at] if end < len(numbers) else 0
        while abs(step) == 1 and end < len(numbers) and numbers[end] - numbers[end - 1] == step:
            end += 1
        if end - at >= SHORTEST_RUN:
            yield f"{numbers[at]}-{numbers[end - 1]}"
            at = end
        else:
            yield str(numbers[at])
            at += 1


def spelled_out(words: list[str]) -> Iterator[int]:
    """Read numbers such as 9 7 1-4: single ones, and runs up or down."""
    for word in words:
        first, _, last = word.partition("-")
        begin, end = int(first), int(last or first)
        step = 1 if begin <= end else -1
        yield from range(begin, end + step, step)
