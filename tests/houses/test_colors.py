"""Colors of a house: contrast as WCAG defines it, what is refused and why, and a stylesheet that sets only our roles."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from hypothesis import given
from hypothesis import strategies as st

from houses import colors, typefaces
from houses.colors import Palette, contrast, problems_of
from houses.models import House
from houses.selectors import stylesheet_of, stylesheet_version
from houses.typefaces import Typeface
from tests.factories import make_theater
from theaters.forms.houses import HouseForm

HEX = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ffcc00", "#ffffff", 1.51),
    ],
)
def test_contrast_is_that_of_wcag(first, second, ratio):
    assert round(contrast(first, second), 2) == round(contrast(second, first), 2) == ratio


@pytest.mark.parametrize(
    ("palette", "fields"),
    [
        (Palette(("#7a4b00", "#f5b83d"), ("#f8f4ec", "#16110d")), []),
        (Palette(("#0b3d91", "#8ab4ff"), ("#f5f8ff", "#0a1020")), []),
        (Palette(("#c00018", "#ff7a85"), ("#fff5f5", "#1a0508")), []),
        (Palette(("#ffffff", "#f5b83d"), ("#ffffff", "#16110d")), ["accent_light"]),
        (Palette(("#ffd200", "#111111"), ("#ffffff", "#101010")), ["accent_dark", "accent_light"]),
        (Palette(("#7a4b00", "#f5b83d"), ("#808080", "#707070")), ["surface_dark", "surface_light"]),
        (Palette(("#7a4b00", "#f5b83d"), ("#16110d", "#f8f4ec")), ["surface_dark", "surface_light"]),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(palette, fields):
    problems = problems_of(palette)
    assert sorted(problems) == fields
    assert all("contrast of" in sentence and "choose a" in sentence for sentence in problems.values())


@given(HEX)
def test_what_stands_on_a_color_can_be_read(color):
    assert contrast(colors.on(color), color) >= 4.5


@given(HEX, HEX, HEX, HEX)
def test_a_stylesheet_sets_roles_and_nothing_else(first, second, third, fourth):
    css = colors.stylesheet(Palette((first, second), (third, fourth)))
    assert re.fullmatch(r":root\{(--[a-z-]+:[^;{}]+;)+\}", css)


@pytest.mark.parametrize("typeface", list(Typeface))
def test_typefaces_are_served_by_us(typeface):
    css = typefaces.stylesheet(typeface)
    assert "http" not in css and css.count("url(") == css.count('url("/static/fonts/')
    assert (css == "") == (typeface == Typeface.ARCHIVO)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"has_own_colors": True, "accent_light": "#ffd200"}, "accent_light"), ({"accent_light": "red"}, "accent_light"),
        ({"domains": ["https://roxy.example"]}, "domains"), ({"domains": ["taken.example"]}, "domains"),
        ({"languages": ["xx"]}, "languages"), ({"social_links": ["javascript:alert(1)"]}, "social_links"),
    ],
)  # fmt: skip
def test_a_house_says_what_is_wrong(columns, field):
    House.objects.create(name="Taken", slug="taken", domains=["taken.example"])
    with pytest.raises(ValidationError) as refused:
        House(name="Roxy", slug="roxy", **columns).full_clean()
    assert list(refused.value.message_dict) == [field]


@pytest.mark.django_db
def test_a_house_keeps_its_own_domains_when_it_is_saved_again():
    House.objects.create(name="Roxy", slug="roxy", domains=["roxy.example"]).full_clean()


@pytest.mark.django_db
def test_colors_that_are_not_used_are_not_judged():
    House(name="Roxy", slug="roxy", accent_light="#ffffff").full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "typed", "own"),
    [
        (False, {"accent_light": "#0b3d91"}, True),  # the box was not on the page
        (False, {}, False),
        (True, {"has_own_colors": ""}, False),  # own colors are turned off
    ],
)
def test_a_color_that_is_chosen_is_used_also_without_the_box(before, typed, own):
    house = make_theater().house
    house.has_own_colors = before
    form = HouseForm(model_to_dict(house) | typed, instance=house)
    assert form.is_valid(), form.errors
    assert form.save(commit=False).has_own_colors == own


@pytest.mark.django_db
def test_a_page_from_before_a_change_of_colors_gets_those_of_now(client):
    house = make_theater().house
    colors_of = {"has_own_colors": True, "accent_light": "#0b3d91", "accent_dark": "#8ab4ff"}
    House.objects.filter(pk=house.pk).update(**colors_of)
    house.refresh_from_db()
    current = stylesheet_version(stylesheet_of(house))
    old = client.get(f"/houses/{house.slug}/000000000000.css")
    assert (old.status_code, old["Location"]) == (302, f"/houses/{house.slug}/{current}.css")
    assert "no-store" in old["Cache-Control"]
    answer = client.get(old["Location"])
    assert "#0b3d91" in answer.text
    assert "immutable" in answer["Cache-Control"]
    House.objects.filter(pk=house.pk).update(has_own_colors=False)
    assert client.get(f"/houses/{house.slug}/{current}.css").status_code == 404


@pytest.mark.parametrize("is_light", [True, False])
@pytest.mark.parametrize("surfaces", [("#a8a8a8", "#4a4a4a"), ("#f8f4ec", "#16110d"), ("#ffd9d9", "#402020")])
def test_quiet_text_and_errors_can_be_read_on_every_ground_of_a_house(surfaces, is_light):
    """The surfaces have the least contrast that is allowed; the other grounds are those that browsers mix from them."""
    palette = Palette(("#3a2000", "#ffffff"), surfaces)
    theme = 0 if is_light else 1
    roles = {
        name: found.split(",")[theme]
        for name, found in re.findall(
            r"--([a-z-]+):light-dark\((#[0-9a-f]{6},#[0-9a-f]{6})\)", colors.stylesheet(palette)
        )
    }
    for ground in ("surface", "raised", "sunken"):
        assert contrast(roles["ink-quiet"], roles[ground]) >= 4.5
        assert contrast(roles["danger"], roles[ground]) >= 4.5


def test_grounds_are_those_that_css_mixes():
    """The values are those that Chromium gives for `color-mix(in oklab, …)`."""
    assert colors.grounds("#7a2040", is_light=True) == {"surface": "#7a2040", "raised": "#c799a4", "sunken": "#731e3c"}
    assert colors.grounds("#7a2040", is_light=False) == {"surface": "#7a2040", "raised": "#832f4a", "sunken": "#4c1126"}


def test_links_are_read_on_what_lies_below_the_surface_too():
    """The contrast is 4.6 to 1 on the surface, but less where the ground is darker."""
    problems = problems_of(Palette(("#737373", "#f5b83d"), ("#fcfcfc", "#16110d")))
    assert list(problems) == ["accent_light"] and "beside the surface" in problems["accent_light"]
