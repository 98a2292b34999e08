"""Movies from a file: previewed as often as you like, then written exactly as the preview showed, all rows or none.

A movie is found by its code, else by its slug, else by its title and year. The address of a movie stays. Ratings and
versions that showtimes on sale have are not changed here, but on the page of a showtime. Movies that other theaters
show too are not changed.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.refusals import Refusal
from staff.services.audit import record
from theaters import locks
from theaters.age_limits import is_unclear
from theaters.models import Movie, MovieRating, MovieVersion, Showtime
from theaters.movies.age_ratings import why_unclear
from theaters.movies.movie_addresses import AddressFacts, addresses, free_address
from theaters.movies.movie_columns import APART, BY_NAME, TRANSLATED, CellUnreadable, with_translations
from theaters.movies.movie_files import MovieRow
from theaters.movies.movie_use import refusals_to_change
from theaters.movies.movie_versions import missed_version
from theaters.posters import layouts
from theaters.states import MovieKind
from theaters.versions import PLAIN

REQUIRED = ("title", "year", "running_minutes")
REQUIRED_OF_EVENTS = ("title", "running_minutes")
CHANGED_MEANWHILE = (
    "The catalogue has changed since you looked at this. Here is what would happen now; nothing was imported."
)


class ImportAction(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    REFUSE = "refuse"


class ImportRefused(Refusal):
    """Nothing was imported; the sentence says why."""


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass
class ImportItem:
    """A row of the file and what importing it would do."""

    place: str
    name: str
    fate: ImportAction = ImportAction.SAME
    movie: Movie | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    # What is imported and has to be looked at by a person.
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportPreview:
    items: list[ImportItem]

    def of(self, fate: ImportAction) -> list[ImportItem]:
        return [item for item in self.items if item.fate == fate]

    @property
    def to_do(self) -> list[ImportItem]:
        return [*self.of(ImportAction.CREATE), *self.of(ImportAction.CHANGE)]

    @property
    def fingerprint(self) -> str:
        """A fingerprint of the effects: only what the preview showed is applied."""
        told = [
            [
                item.place,
                item.fate,
                item.movie.pk if item.movie else None,
                [vars(change) for change in item.changes],
                item.problems,
            ]
            for item in self.items
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True)
class _Known:
    """The movies that rows may refer to, and the addresses in use."""

    by_code: dict[str, Movie]
    by_slug: dict[str, Movie]
    by_title: dict[tuple[str, int], list[Movie]]
    taken: set[str]


def preview_import(rows: Iterable[MovieRow], *, theater_ids: frozenset[int] | None, now: datetime) -> ImportPreview:
    """Preview the effect of each row, for a person who may change movies at these theaters (None: at all of them).

    Seven queries, and two for a movie whose ratings or versions change.
    """
    items = [_read_row(row) for row in rows]
    _refuse_twins(items)
    known = _movies_we_have(items)
    for item in items:
        if not item.problems:
            _find(item, known)
        if not item.problems:
            _compare(item)
        if not item.problems and item.changes:
            _check(item, now)
    _refuse_shared(items, theater_ids)
    for item in items:
        if item.problems:
            item.fate, item.changes = ImportAction.REFUSE, []
    return ImportPreview(items)


def _read_row(row: MovieRow) -> ImportItem:
    item = ImportItem(
        row.place,
        str(row.cells.get("title") or row.cells.get("slug") or row.cells.get("code") or "")[:160],
        remarks=row.remarks,
    )
    if row.problem:
        # What else is wrong with it does not matter.
        item.problems.append(f"It {row.problem}")
        return item
    for name, raw in row.cells.items():
        try:
            item.values[name] = BY_NAME[name].parse(raw)
        except CellUnreadable as refusal:
            item.problems.append(f"{BY_NAME[name].label}: {refusal}")
    if not item.problems and not (item.values.get("code") or item.values.get("slug") or _title_and_year(item)):
        item.problems.append("It has no code, no slug, and no title with a year, so nobody knows which movie is meant.")
    return item


def _title_and_year(item: ImportItem) -> tuple[str, int] | None:
    title, year = item.values.get("title"), item.values.get("year")
    return (title.casefold(), year) if title and year else None


def _refuse_twins(items: list[ImportItem]) -> None:
    for name in ("code", "slug"):
        seen: dict[str, str] = {}
        for item in items:
            if (key := item.values.get(name)) and not item.problems:
                if key in seen:
                    item.problems.append(f"The {name} {key} is on {seen[key].lower()} already.")
                seen.setdefault(key, item.place)
    titles: dict[tuple[str, int], str] = {}
    for item in items:
        if (title := _title_and_year(item)) and not item.problems:
            if title in titles and not item.values.get("code") and not item.values.get("slug"):
                item.problems.append(f"The same title and year are on {titles[title].lower()} already.")
            titles.setdefault(title, item.place)


def _refuse_shared(items: list[ImportItem], theater_ids: frozenset[int] | None) -> None:
    changed = {item.movie.pk: item for item in items if item.movie is not None and item.changes}
    for movie_id, sentence in refusals_to_change(movie_ids=changed, theater_ids=theater_ids).items():
        changed[movie_id].problems.append(sentence)


def _movies_we_have(items: list[ImportItem]) -> _Known:
    movies = Movie.objects.prefetch_related("versions", "ratings")
    codes = {item.values["code"] for item in items if item.values.get("code")}
    slugs = {item.values["slug"] for item in items if item.values.get("slug")}
    titles = {title for item in items if (title := _title_and_year(item))}
    named = [_address_facts(item) for item in items if _title_and_year(item)]
    wanted = {address for movie in named for address in islice(addresses(movie), 12)}
    by_title: dict[tuple[str, int], list[Movie]] = {}
    for movie in movies.filter(year__in={year for _, year in titles}):
        if movie.year is not None:
            by_title.setdefault((movie.title.casefold(), movie.year), []).append(movie)
    return _Known(
        {movie.code: movie for movie in movies.filter(code__in=codes) if movie.code},
        {movie.slug: movie for movie in movies.filter(slug__in=slugs)},
        by_title,
        set(Movie.objects.filter(slug__in=wanted).values_list("slug", flat=True)) | slugs,
    )


def _address_facts(item: ImportItem) -> AddressFacts:
    values = item.values
    original, countries = values.get("original_title") or "", tuple(values.get("countries") or ())
    return AddressFacts(values["title"], values.get("year"), original=original, countries=countries)


def _find(item: ImportItem, known: _Known) -> None:
    code, slug = item.values.get("code"), item.values.get("slug")
    item.movie = known.by_code.get(code or "") or known.by_slug.get(slug or "") or _by_title(item, known)
    if item.movie is None:
        _begin(item, known)
    elif slug and item.movie.slug != slug:
        item.problems.append(f"The code {code} is {item.movie}’s, whose slug is {item.movie.slug}: an address stays.")
    elif code and item.movie.code and item.movie.code != code:
        item.problems.append(f"{item.movie} has the code {item.movie.code}: change it on its own page first.")


def _by_title(item: ImportItem, known: _Known) -> Movie | None:
    """The only movie of this title and year, if the row names no address and the movie has no other code."""
    title = _title_and_year(item)
    if title is None or item.values.get("slug"):
        return None
    movies = [movie for movie in known.by_title.get(title, []) if not (item.values.get("code") and movie.code)]
    return movies[0] if len(movies) == 1 else None


def _required(kind: str | None) -> tuple[str, ...]:
    return REQUIRED_OF_EVENTS if kind == MovieKind.EVENT else REQUIRED


def _begin(item: ImportItem, known: _Known) -> None:
    """Start a new movie with its required values and an address."""
    missing = [BY_NAME[name].label.lower() for name in _required(item.values.get("kind")) if not item.values.get(name)]
    if missing:
        item.problems.append(
            f"It is new, and has no {', '.join(missing)}. Write that into the file or the text, and look at it again."
        )
    elif not item.values.get("slug"):
        address = free_address(_address_facts(item), taken=known.taken)
        item.values["slug"] = address
        known.taken.add(address)


def _compare(item: ImportItem) -> None:
    movie = item.movie or Movie()
    is_new = item.movie is None
    for name, value in item.values.items():
        column = BY_NAME[name]
        before = ([PLAIN] if name == "versions" else []) if is_new and name in APART else column.held(movie)
        if before != value:
            item.changes.append(FieldChange(column.label, "" if is_new else column.text(before), column.text(value)))
            unclear = filter(is_unclear, value if name == "ratings" else ())
            item.remarks += tuple(map(why_unclear, unclear))
    if is_new:
        item.fate = ImportAction.CREATE
    elif item.changes:
        item.fate = ImportAction.CHANGE


def _check(item: ImportItem, now: datetime) -> None:
    """Check each value by the model's rules, and refuse changes that matter to people with tickets."""
    movie = _as_wanted(item)
    empty = [name for name in _required(movie.kind) if not getattr(movie, name)]
    item.problems += [f"{BY_NAME[name].label}: it cannot be empty." for name in empty]
    try:
        # Without checks for uniqueness: two movies with one address or code were found before.
        movie.clean_fields(exclude=["poster_image", *empty])
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            label = BY_NAME[name].label if name in BY_NAME else name
            item.problems += [f"{label}: {sentence}" for sentence in sentences]
    if len(movie.palette) not in (0, 3):
        item.problems.append("Palette: A palette is three colors, or none.")
    if movie.poster_layout and movie.poster_layout not in layouts():
        item.problems.append(f"Poster layout: it is one of {', '.join(layouts())}.")
    if item.movie is not None and not item.problems:
        _check_sold(item, item.movie, now)


def _as_wanted(item: ImportItem) -> Movie:
    """Return a changed copy; the movie that was read stays as it is."""
    source = item.movie
    held = {field.attname: getattr(source, field.attname) for field in Movie._meta.concrete_fields} if source else {}
    values = {name: value for name, value in item.values.items() if name not in APART and name not in TRANSLATED}
    translations = with_translations(source.translations if source else {}, item.values)
    return Movie(**held | values | {"translations": translations})


def _check_sold(item: ImportItem, movie: Movie, now: datetime) -> None:
    if "versions" in item.values and (refusal := missed_version(movie=movie, offered=item.values["versions"], now=now)):
        item.problems.append(f"Versions: {refusal}")
    if "ratings" not in item.values:
        return
    touched = {rating.country for rating in set(BY_NAME["ratings"].held(movie)) ^ set(item.values["ratings"])}
    ahead = (
        Showtime.objects.published().showing(movie).filter(ends_at__gt=now, auditorium__theater__country__in=touched)
    )
    if touched and (showtime := ahead.with_names().first()):
        item.problems.append(
            f"Ratings: it is on sale in {showtime.auditorium.theater.country}: change the rating there on the page of a "
            "showtime, so that everybody who has a ticket is told."
        )


def apply(
    rows: list[MovieRow], *, theater_ids: frozenset[int] | None, fingerprint: str, actor: str, now: datetime
) -> ImportPreview:
    """Write what the preview showed, and only that. Raises ImportRefused; then nothing was written."""
    try:
        with transaction.atomic():
            first = preview_import(rows, theater_ids=theater_ids, now=now)
            locks.movies_to_change([item.movie.pk for item in first.items if item.movie])
            look = preview_import(rows, theater_ids=theater_ids, now=now)
            if look.fingerprint != fingerprint:
                raise ImportRefused(CHANGED_MEANWHILE)
            for item in look.to_do:
                _write(item, actor)
    except IntegrityError:
        raise ImportRefused(CHANGED_MEANWHILE) from None
    return look


def _write(item: ImportItem, actor: str) -> None:
    is_new = item.movie is None
    movie = _as_wanted(item)
    movie.save(force_insert=is_new, force_update=not is_new, update_fields=None if is_new else _own(item))
    if "versions" in item.values:
        _offer(movie, item)
    if "ratings" in item.values:
        MovieRating.objects.filter(movie=movie).delete()
        MovieRating.objects.bulk_create(MovieRating(movie=movie, **vars(value)) for value in item.values["ratings"])
    before = {} if is_new else {change.label: change.before for change in item.changes}
    after = {change.label: change.after for change in item.changes}
    record(actor=actor, action="import", thing=movie, theater=None, before=before, after=after)


def _own(item: ImportItem) -> list[str]:
    names = ("translations" if name in TRANSLATED else name for name in item.values if name not in APART)
    return list(dict.fromkeys(names))


def _offer(movie: Movie, item: ImportItem) -> None:
    """Store versions, but no rows for a movie that only has the plain version."""
    wanted = item.values["versions"]
    MovieVersion.objects.filter(movie=movie).delete()
    if wanted != [PLAIN]:
        MovieVersion.objects.bulk_create(MovieVersion(movie=movie, **vars(version)) for version in wanted)
