"""Short forms of a theater's first day, filled in with usual values."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext

from boxoffice.forms.movie_choice import MovieChoiceField
from core.letters.mailboxes import AddressFormField
from core.money import CURRENCIES, decimals
from core.texts.languages import language_name
from core.texts.lazy_text import gettext_lazy as _
from houses.models import House, TextPage, Theater
from houses.models.pages import LONGEST_TEXT
from theaters.forms.fields import PercentField
from theaters.opening.country_defaults import DEFAULTS, PERCENT, clocks_of, countries, currency_of, part_of
from theaters.opening.first_day import AFTERNOON, EVENING, OWN_ROWS, UNRESERVED
from theaters.opening.first_texts import auditorium_name, language_of, languages_of, propose_privacy, propose_terms
from theaters.plans.plan_drawing import MOST_SEATS
from theaters.plans.typical_plans import LONGEST_ROW, MOST_ROWS, PLANS
from theaters.prices.cancel_tiers import terms_in_words

TIME_INPUT = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class BeginForm(forms.Form):
    house_name = forms.CharField(
        label=_("Name of the house"), max_length=80, help_text=_("As it stands on every page and mail.")
    )
    house = forms.ModelChoiceField(
        House.objects.none(),
        label=_("House"),
        empty_label=_("Choose …"),
        help_text=_(
            "It stands under the name, the terms of sale and the imprint of its house, at the address of that house."
        ),
    )
    name = forms.CharField(
        label=_("Name of the theater"), max_length=80, help_text=_("A house with one theater uses its own name again.")
    )
    street = forms.CharField(label=_("Street"), max_length=120)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=80)
    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_("It proposes clock, currency, tax and prices. All of them can be changed later."),
    )

    def __init__(self, *args: Any, houses: Sequence[House], **options: Any) -> None:
        """`houses`: those that a further theater can join. Only the first theater names its house."""
        super().__init__(*args, **options)
        country: Any = self.fields["country"]
        country.choices = [("", _("Choose …")), *countries()]
        self._ask_for_what_is_usual(str(self.data.get("country", "")))
        if houses:
            del self.fields["house_name"]
        if len(houses) > 1:
            choice: Any = self.fields["house"]
            choice.queryset = House.objects.filter(pk__in=[house.pk for house in houses]).order_by("name")
            return
        del self.fields["house"]
        if houses:
            says = gettext("It belongs to the house %(house)s: under its name, its terms of sale and its imprint.")
            self.fields["name"].help_text = says % {"house": houses[0].name}

    def _ask_for_what_is_usual(self, country: str) -> None:
        """Of a country whose usual clock, currency and tax we do not know."""
        clocks = clocks_of(country)
        if country in DEFAULTS or not clocks:
            return
        data: Any = self.data
        self.data = data = data.copy()
        data.setdefault("timezone", clocks[0] if len(clocks) == 1 else "")
        data.setdefault("currency", currency_of(country))
        self.fields["timezone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[("", _("Choose …")), *((zone, zone.replace("_", " ")) for zone in clocks)]
        )
        self.fields["currency"] = forms.ChoiceField(
            label=_("Currency"), choices=[("", _("Choose …")), *((code, code) for code in CURRENCIES)]
        )
        self.fields["tax_rate"] = PercentField(
            label=_("Tax on tickets, in percent"),
            min_value=0,
            max_value=Decimal("99.999"),
            decimal_places=3,
            help_text=_("Included in every price: 20, 7 or 7.5."),
            error_messages={"required": _("We do not know the tax of this country: please say it.")},
        )


class RowsField(forms.CharField):
    """How many seats each row has, as "10, 12, 12" or "7 x 12", read to a list."""

    PART = re.compile(r"(?:(?P<times>[0-9]{1,2})\s*[x×*]\s*)?(?P<seats>[0-9]{1,3})")

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def clean(self, value: Any) -> list[int]:
        parts = [part for part in re.split(r"[,;]\s*|(?<=[0-9])\s+(?=[0-9])", super().clean(value)) if part]
        rows: list[int] = []
        for part in parts:
            match = self.PART.fullmatch(part.strip().lower())
            if match is None:
                says = gettext("“%(part)s” is no number of seats. Write 10, 12, 12 or 7 x 12.")
                raise forms.ValidationError(says % {"part": part[:20]})
            rows += [int(match["seats"])] * int(match["times"] or 1)
        if rows and not (len(rows) <= MOST_ROWS and min(rows) >= 1 and max(rows) <= LONGEST_ROW):
            says = gettext(
                "Here an auditorium has up to %(rows)s rows of 1 to %(seats)s seats. Draw it, or import its plan."
            )
            raise forms.ValidationError(says % {"rows": MOST_ROWS, "seats": LONGEST_ROW})
        return rows


OWN_ROWS_WORDS = _("None of them: rows of my own")
UNRESERVED_WORDS = _("Without numbers: everybody sits where they like")


class AuditoriumForm(forms.Form):
    name = forms.CharField(label=_("Name of the auditorium"), max_length=60)
    plan = forms.ChoiceField(
        label=_("Which of these is it like?"),
        choices=lambda: [
            *((plan.slug, plan.name_with_seats) for plan in PLANS),
            (OWN_ROWS, OWN_ROWS_WORDS),
            (UNRESERVED, UNRESERVED_WORDS),
        ],
        initial="arthouse",
        widget=forms.RadioSelect,
        help_text=_("It is published at once and can be redrawn seat by seat for later showtimes."),
    )
    rows = RowsField(
        label=_("Seats in each row of your own, from the screen back"),
        required=False,
        help_text=_("10, 12, 12, 14; or 7 x 12 for seven rows of twelve seats. Shorter rows stand in the middle."),
    )
    places = forms.IntegerField(
        label=_("Places, where they have no numbers"), min_value=1, max_value=MOST_SEATS, required=False
    )

    def __init__(self, *args: Any, theater: Theater, **options: Any) -> None:
        super().__init__(*args, **options)
        number = theater.auditoriums.count() + 1
        self.fields["name"].initial = auditorium_name(language_of(theater), number)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        missing = {
            OWN_ROWS: ("rows", gettext("Please say how many seats each row has.")),
            UNRESERVED: ("places", gettext("Please say for how many people there is room.")),
        }
        for plan, (field, sentence) in missing.items():
            if field in self.errors:
                continue
            if data.get("plan") == plan and not data.get(field):
                self.add_error(field, sentence)
            elif data.get(field) and data.get("plan") not in (None, plan):
                choice = {OWN_ROWS: OWN_ROWS_WORDS, UNRESERVED: UNRESERVED_WORDS}[plan]
                self.add_error(field, gettext("Choose “%(choice)s” above, or leave this empty.") % {"choice": choice})
        return data


class PricesForm(forms.Form):
    """A price for each ticket type of the theater; a type left empty is not sold."""

    note = _("A ticket type without a price is not sold. Prices are per ticket, with all fees and taxes.")

    def __init__(self, *args: Any, theater: Theater, **options: Any) -> None:
        super().__init__(*args, **options)
        usual = DEFAULTS.get(theater.country)
        coins = decimals(theater.currency)
        self.codes = []
        for kind in theater.ticket_types.in_use():
            percent = PERCENT.get(kind.code)
            proposed = part_of(usual.adult, percent, theater.currency) if usual and percent is not None else None
            self.codes.append(kind.code)
            self.fields[kind.code] = forms.DecimalField(
                label=kind.name, help_text=kind.note, min_value=0, max_digits=8, decimal_places=coins, initial=proposed,
                required=kind.is_default,
            )  # fmt: skip
        self.fields["premium"] = forms.DecimalField(
            label=_("More on premium seats and sofas"), min_value=0, max_digits=8, decimal_places=coins,
            initial=part_of(usual.adult, 20, theater.currency) if usual else 0,
        )  # fmt: skip

    @property
    def amounts(self) -> dict[str, Decimal]:
        return {code: self.cleaned_data[code] for code in self.codes if self.cleaned_data[code] is not None}


PROPOSAL = _(
    "A proposal. Please have it read by somebody who knows the law of your country. Nobody can pay before there are "
    "terms; each sale keeps those that were accepted."
)
PRIVACY_PROPOSAL = _(
    "A proposal of what the software does with data. Please add what else your house does, such as a newsletter. Empty: "
    "written later."
)
OTHER_LANGUAGE = _("Empty: customers who read this language read the terms and the imprint in the first one.")


class LawForm(forms.Form):
    company = forms.CharField(
        label=_("Company"), max_length=120, help_text=_("The person or company that sells the tickets.")
    )
    company_address = forms.CharField(label=_("Its address"), max_length=200)
    register_entry = forms.CharField(
        label=_("Register"),
        max_length=120,
        required=False,
        help_text=_("Where and under which number, if it is in one."),
    )
    tax_number = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    responsible_person = forms.CharField(label=_("Who answers for it"), max_length=120)
    reply_to = AddressFormField(label=_("E-mail"), help_text=_("Customers who answer our mails reach you there."))

    def __init__(self, *args: Any, theater: Theater, **options: Any) -> None:
        super().__init__(*args, **options)
        house = House.objects.get(pk=theater.house_id)
        told = {name: getattr(house, name) for name in self.fields if getattr(house, name)}
        address = ", ".join(part for part in (theater.street, theater.place) if part)
        self.initial = {**self.initial, "company_address": address, **told}
        self.own_language, *self.other_languages = languages_of(house, theater)
        languages = (self.own_language, *self.other_languages)
        for language in languages:
            self.fields[f"terms_{language}"] = self._terms_field(language)
        if not TextPage.objects.filter(house=house, slug="privacy").exists():
            for language in languages:
                self.fields[f"privacy_{language}"] = self._privacy_field(house, language)
        says = gettext(
            "What customers get back when they cancel is said beside Pay, so the terms need not say it. Here it is: %(rules)s"
        )
        self.note = says % {"rules": terms_in_words(theater)}

    def _terms_field(self, language: str) -> forms.CharField:
        is_own = language == self.own_language
        return forms.CharField(
            label=gettext("Terms of sale in %(language)s") % {"language": language_name(language)},
            max_length=LONGEST_TEXT,
            required=is_own,
            initial=propose_terms(language),
            widget=forms.Textarea(attrs={"rows": 18 if is_own else 8, "cols": 90, "lang": language}),
            help_text=PROPOSAL if is_own else OTHER_LANGUAGE,
        )

    def _privacy_field(self, house: House, language: str) -> forms.CharField:
        return forms.CharField(
            label=gettext("What happens with personal data, in %(language)s") % {"language": language_name(language)},
            max_length=LONGEST_TEXT,
            required=False,
            initial=propose_privacy(house, language),
            widget=forms.Textarea(attrs={"rows": 8, "cols": 90, "lang": language}),
            help_text=PRIVACY_PROPOSAL,
        )

    @property
    def law(self) -> dict[str, Any]:
        """The facts of the house, and the terms and the privacy page by language."""
        texts = ("terms", "privacy")
        facts = {name: value for name, value in self.cleaned_data.items() if not name.startswith(texts)}
        languages = (self.own_language, *self.other_languages)
        written = {
            slug: {language: text for language in languages if (text := self.cleaned_data.get(f"{slug}_{language}"))}
            for slug in texts
        }
        return {**facts, **written}


class FirstMovieForm(forms.Form):
    note = _("Its poster, synopsis and other facts can be added under Movies at any time.")
    title = forms.CharField(label=_("Title"), max_length=160)
    director = forms.CharField(label=_("Director"), max_length=160, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1880, max_value=2200)
    running_minutes = forms.IntegerField(label=_("Running time in minutes"), min_value=1, max_value=1000)
    rating = forms.CharField(
        label=_("Age rating"),
        max_length=12,
        required=False,
        help_text=_("As it is written in your country: 12A, FSK 12, PG."),
    )
    min_age = forms.IntegerField(
        label=_("Nobody under"),
        min_value=0,
        max_value=30,
        required=False,
        help_text=_(
            "In years. Leave both ages empty for the usual ones of the rating; 0 says that everybody may come."
        ),
    )
    accompanied_below = forms.IntegerField(label=_("With a grown-up under"), min_value=0, max_value=30, required=False)


class WeekForm(forms.Form):
    """The showtimes of a week. `days` is the first and last day; `auditoriums` are names."""

    movie = MovieChoiceField(label=_("Movie"))
    evening = forms.TimeField(label=_("Every evening at"), initial=EVENING, widget=TIME_INPUT)
    afternoon = forms.TimeField(
        label=_("And on Saturday and Sunday at"), initial=AFTERNOON, widget=TIME_INPUT, required=False
    )

    def __init__(self, *args: Any, days: tuple[date, date], auditoriums: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        first, last = (date_format(day, "l j F") for day in days)
        says = gettext(
            "From %(first)s to %(last)s in %(auditoriums)s. Times are as on the clock of the theater. Customers can buy at once; "
            "“Plan a week” adds more movies and times."
        )
        self.note = says % {"first": first, "last": last, "auditoriums": ", ".join(auditoriums)}
        field = cast(MovieChoiceField, self.fields["movie"])
        field.offer()
        # Most likely the movie that was added a page before.
        if field.known:
            field.initial = max(field.known, key=lambda key: field.known[key].movie.pk)
