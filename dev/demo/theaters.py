"""The three theaters of the demo world and all in them that does not change with the days."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from dev.demo.german import german_texts, in_german
from dev.demo.house_texts import write_texts
from houses.models import House, Theater
from theaters.models import Auditorium, Price, PriceList, PriceRule, TicketType
from theaters.plans.plans import current_plan, lay_out
from theaters.states import Picture, PriceRuleKind, UsualCategory, Weekday

PLANS = Path(__file__).parent / "plans"
MATINEE, EVENING = "Matinee", "Evening"
EVENING_FROM = time(17)
VALID: dict[str, dict[str, object]] = {
    MATINEE: {"until_time": EVENING_FROM},
    EVENING: {"from_time": EVENING_FROM},
}
RULES: dict[str, dict[str, object]] = {
    "ADULT": {"is_adult": True, "is_default": True},
    "SENIOR": {"is_adult": True},
    "CARER": {"is_adult": True, "needs_wheelchair": True, "categories": [UsualCategory.COMPANION]},
}
# The price of an empty place of a sofa, where a theater sells it: half of an adult's price.
EMPTY_PLACE = ("EMPTY", "Place that stays empty", "Of a sofa, if you come alone", None, None)
CARER = ("CARER", "Carer", "Free, beside a wheelchair space", None, None)

MEASURES = {
    "screen_width_cm": 1200,
    "screen_height_cm": 500,
    "first_row_cm": 420,
    "row_pitch_cm": 110,
    "row_rise_cm": 25,
}


@dataclass(frozen=True, slots=True)
class DemoAuditorium:
    name: str
    plan: str
    preroll_minutes: int
    turnaround_minutes: int


@dataclass(frozen=True, slots=True)
class DemoTheater:
    """A theater as it is built; its first auditorium has the galas, the last sells out."""

    theater: dict[str, object]
    auditoriums: tuple[DemoAuditorium, ...]
    types: tuple[tuple[str, str, str, int | None, int | None], ...]
    prices: dict[str, dict[str, tuple[str, str, str, str]]]
    late_auditorium: str
    price_rules: tuple[dict[str, object], ...] = ()
    sells_empty_places: bool = False

    @property
    def slug(self) -> str:
        return str(self.theater["slug"])


# Amounts for adult, child, senior, student.
THEATERS = (
    DemoTheater(
        theater={
            "name": "Marquee London",
            "slug": "london",
            "phone": "+44 20 7946 0921",
            "email": "london@marquee.example",
            "opening_hours": "Doors open half an hour before the first show.",
            "street": "21 Lantern Row",
            "city": "London",
            "postal_code": "E8 9QX",
            "country": "GB",
            "timezone": "Europe/London",
            "currency": "GBP",
            "tax_rate": Decimal("0.2"),
            "booking_fee": Decimal("0.80"),
            "sales_close_minutes": 0,
            "about": "A 1921 picture palace with its balcony and its organ loft, saved from bingo and brought back to "
            "film. The bar is older than the sound.",
            "directions": "Three minutes from the Overground: leave by the canal side and follow the lit sign. Buses "
            "stop at Lantern Row. Bicycles sleep in the yard.",
            "access_information": "Step-free from the street to the stalls, the Studio and the Lounge; the balcony has "
            "42 steps and no lift. Hearing loop in every auditorium. Assistance dogs are welcome and get water.",
            "access_features": ["STEP_FREE", "WHEELCHAIR", "COMPANION", "TOILET", "HEARING_LOOP", "CAPTIONS", "DOGS"],
            "access_contact": "access@marquee.example",
            "refund_limit": Decimal(100),
            "exchange_minutes": 60,
            "cancel_tiers": [{"minutes": 1440, "percent": 100}, {"minutes": 120, "percent": 50}],
            "cancellation_terms": "If we cancel a showtime, everybody gets everything back.",
        },
        auditoriums=(
            DemoAuditorium("The Grand", "london-grand", 15, 30),
            DemoAuditorium("Studio", "london-studio", 15, 20),
            DemoAuditorium("Lounge", "london-lounge", 10, 20),
        ),
        types=(
            ("ADULT", "Adult", "", None, None),
            ("CHILD", "Child", "Under 15", None, 14),
            ("SENIOR", "Senior", "60 and over", 60, None),
            ("STUDENT", "Student", "With a valid card", None, None),
        ),
        prices={
            MATINEE: {
                "STANDARD": ("11.00", "7.00", "9.00", "9.00"),
                "PREMIUM": ("13.50", "9.00", "11.50", "11.50"),
                "SOFA": ("16.00", "12.00", "14.00", "14.00"),
            },
            EVENING: {
                "STANDARD": ("15.50", "9.50", "12.50", "12.50"),
                "PREMIUM": ("18.50", "12.50", "15.50", "15.50"),
                "SOFA": ("22.00", "16.00", "19.00", "19.00"),
            },
        },
        late_auditorium="Studio",
        sells_empty_places=True,
        price_rules=(
            {
                "name": "Monday price",
                "kind": PriceRuleKind.DAY_RATE,
                "amount": Decimal("7.00"),
                "weekdays": [Weekday.MONDAY],
            },
            {
                "name": "From a 35 mm print",
                "kind": PriceRuleKind.SURCHARGE,
                "amount": Decimal("1.50"),
                "pictures": [Picture.REEL_35],
            },
            {
                "name": "Early bird",
                "translations": {"de": {"name": "Frühbucher"}},
                "kind": PriceRuleKind.EARLY,
                "percent": Decimal(10),
                "hours_before": 72,
            },
        ),
    ),
    DemoTheater(
        theater={
            "name": "Marquee New York",
            "slug": "new-york",
            "phone": "+1 212 555 0142",
            "email": "newyork@marquee.example",
            "opening_hours": "The box office opens an hour before the first show.",
            "street": "214 Arcade Street",
            "city": "New York",
            "postal_code": "NY 10099",
            "country": "US",
            "timezone": "America/New_York",
            "currency": "USD",
            "tax_rate": Decimal("0.08875"),
            "booking_fee": Decimal("1.25"),
            "sales_close_minutes": -10,
            "about": "Three rooms under a former printing works. The projectors stand behind glass, so you can watch "
            "the people who let you watch.",
            "directions": "Two blocks east of the subway. Look for the fire escape with bulbs on it. No parking, many "
            "taxis.",
            "access_information": "Elevator to every level, wheelchair spaces with companion seats in all three "
            "auditoriums, assistive listening and captions at the desk.",
            "access_features": [
                "STEP_FREE",
                "LIFT",
                "WHEELCHAIR",
                "COMPANION",
                "TOILET",
                "AUDIO_DESCRIPTION",
                "CAPTIONS",
            ],
            "access_contact": "+1 212 555 0147",
            "refund_limit": Decimal(120),
            "exchange_minutes": 60,
            "cancel_tiers": [{"minutes": 60, "percent": 100}],
            "cancellation_terms": "If we cancel a showtime, every ticket is refunded in full.",
        },
        auditoriums=(
            DemoAuditorium("Auditorium 1", "new-york-1", 20, 20),
            DemoAuditorium("Auditorium 2", "new-york-2", 20, 20),
            DemoAuditorium("Auditorium 3", "new-york-3", 15, 15),
        ),
        types=(
            ("ADULT", "Adult", "", None, None),
            ("CHILD", "Child", "Age 12 and under", None, 12),
            ("SENIOR", "Senior", "Age 62 and over", 62, None),
            ("STUDENT", "Student", "With a valid ID", None, None),
        ),
        prices={
            MATINEE: {
                "STANDARD": ("13.50", "10.00", "11.00", "11.50"),
                "PREMIUM": ("16.50", "13.00", "14.00", "14.50"),
                "SOFA": ("19.00", "15.50", "16.50", "17.00"),
            },
            EVENING: {
                "STANDARD": ("18.00", "13.00", "14.50", "15.50"),
                "PREMIUM": ("21.50", "16.50", "18.00", "19.00"),
                "SOFA": ("24.50", "19.50", "21.00", "22.00"),
            },
        },
        late_auditorium="Auditorium 2",
    ),
    DemoTheater(
        theater={
            "name": "Marquee Tokyo",
            "slug": "tokyo",
            "phone": "+81 3 5550 0117",
            "email": "tokyo@marquee.example",
            "opening_hours": "We open half an hour before the first show; the bar stays open until midnight.",
            "street": "4-17-2 Akarimachi, Shibuya-ku",
            "city": "Tokyo",
            "postal_code": "150-0099",
            "country": "JP",
            "timezone": "Asia/Tokyo",
            "currency": "JPY",
            "tax_rate": Decimal("0.1"),
            "sales_close_minutes": 15,
            "about": "Two quiet rooms on the sixth floor, above a record shop and below the sky. Programs are printed "
            "for every film and worth keeping.",
            "directions": "Six minutes from the station by the south exit: up the slope, past the bathhouse, elevator "
            "on the left.",
            "access_information": "Elevator and step-free entrance on the sixth floor; wheelchair spaces on the level "
            "of the doors; pocket loops at the desk.",
            "refund_limit": Decimal(15000),
            "exchange_minutes": 60,
            "cancel_tiers": [{"minutes": 2880, "percent": 100}, {"minutes": 1440, "percent": 70}],
            "cancellation_terms": "If we cancel a showtime, every ticket is refunded in full.",
        },
        auditoriums=(
            DemoAuditorium("Auditorium 1", "tokyo-1", 10, 20),
            DemoAuditorium("Auditorium 2", "tokyo-2", 10, 15),
        ),
        types=(
            ("ADULT", "Adult", "", None, None),
            ("CHILD", "Child", "Age 3 to 15", 3, 15),
            ("SENIOR", "Senior", "Age 60 and over", 60, None),
            ("STUDENT", "Student", "With a student card", None, None),
        ),
        prices={
            MATINEE: {
                "STANDARD": ("1400", "900", "1100", "1200"),
                "PREMIUM": ("1800", "1300", "1500", "1600"),
                "SOFA": ("2200", "1700", "1900", "2000"),
            },
            EVENING: {
                "STANDARD": ("1900", "1000", "1300", "1500"),
                "PREMIUM": ("2400", "1500", "1800", "2000"),
                "SOFA": ("2800", "1900", "2200", "2400"),
            },
        },
        late_auditorium="Auditorium 2",
    ),
)


def build(demo: DemoTheater, *, now: datetime) -> Theater:
    """Make what is missing; what staff changed since stays as they left it."""
    house = House.objects.of_installation()
    write_texts(house, now=now)
    facts = {"house": house, "translations": german_texts("theaters", demo.slug), **demo.theater}
    theater, _ = Theater.objects.get_or_create(slug=demo.slug, defaults=facts)
    for built in demo.auditoriums:
        facts = {
            "preroll_minutes": built.preroll_minutes,
            "turnaround_minutes": built.turnaround_minutes,
            "translations": {"de": {"name": in_german(built.name)}},
            **MEASURES,
        }
        auditorium, _ = Auditorium.objects.get_or_create(theater=theater, name=built.name, defaults=facts)
        if current_plan(auditorium) is None:
            lay_out(auditorium=auditorium, text=(PLANS / f"{built.plan}.txt").read_text(encoding="utf-8"), now=now)
    types = _ticket_types(demo, theater)
    if demo.sells_empty_places:
        _empty_place(theater, adult=types[0])
    for rule in demo.price_rules:
        translations = {"de": {"name": in_german(str(rule["name"]))}}
        PriceRule.objects.get_or_create(
            theater=theater, name=rule["name"], defaults={**rule, "translations": translations}
        )
    for name, amounts in demo.prices.items():
        _price_list(theater, name, types, amounts)
    return theater


def _ticket_types(demo: DemoTheater, theater: Theater) -> list[TicketType]:
    """In the order of the prices: adult, child, senior, student; then the carer, who pays nothing."""
    return [
        _ticket_type(theater, texts, position=position, **RULES.get(texts[0], {}))
        for position, texts in enumerate((*demo.types, CARER), start=1)
    ]


def _empty_place(theater: Theater, *, adult: TicketType) -> None:
    """For the other place of a sofa, when one person sits there. Its price follows the lists."""
    facts: dict[str, object] = {"derived_from": adult, "derived_percent": 50, "categories": [UsualCategory.SOFA]}
    _ticket_type(theater, EMPTY_PLACE, position=9, is_empty_place=True, **facts)


def _ticket_type(theater: Theater, texts: tuple[str, str, str, int | None, int | None], **facts: object) -> TicketType:
    code, name, note, min_age, max_age = texts
    german = {"name": in_german(name), "note": in_german(note)}
    words = {"name": name, "note": note, "translations": {"de": german}}
    ages = {"min_age": min_age, "max_age": max_age}
    return TicketType.objects.get_or_create(theater=theater, code=code, defaults={**words, **ages, **facts})[0]


def _price_list(
    theater: Theater, name: str, types: list[TicketType], amounts: dict[str, tuple[str, str, str, str]]
) -> None:
    price_list, is_new = PriceList.objects.get_or_create(theater=theater, name=name, defaults=VALID[name])
    if not is_new:
        _tell_when(price_list)
        return
    # A wheelchair space and the seat beside it cost what the plainest seat costs.
    by_category = {**amounts, "WHEELCHAIR": amounts["STANDARD"], "COMPANION": amounts["STANDARD"]}
    *paying, carer = types
    Price.objects.bulk_create(
        Price(price_list=price_list, ticket_type=kind, category=category, amount=Decimal(amount))
        for category in UsualCategory.values
        for kind, amount in zip(paying, by_category[category], strict=True)
    )
    Price.objects.create(price_list=price_list, ticket_type=carer, category=UsualCategory.COMPANION, amount=0)


def _tell_when(price_list: PriceList) -> None:
    """A list that is older than validity says when it is valid, unless staff have said so."""
    if price_list.is_by_hand and price_list.from_time is None and price_list.until_time is None:
        PriceList.objects.filter(pk=price_list.pk).update(**{"is_by_hand": False, **VALID[price_list.name]})
