import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.demo.films import films
from tests.variants import some
from theaters.posters import PosterFacts, layout_for, layouts, poster_svg
from theaters.posters.kit import Inks, contrast
from theaters.posters.setting import Box, Style, set_in_box

PALETTE = ("#1c1a17", "#c8963e", "#efe3c8")
SVG = "{http://www.w3.org/2000/svg}"
LONG = "The Extraordinarily Long Voyage of Captain Świętosława and Her Nine Companions"


def facts(**changes):
    given = {"title": "The General", "year": 1926, "director": "Buster Keaton", "palette": PALETTE, "layout": "letter"}
    return PosterFacts(**(given | changes))


@pytest.mark.parametrize("layout", some(layouts(), every=3))
@pytest.mark.parametrize("title", ["Io", "The General", LONG, "東京物語", "<script>&\"'", ""])
def test_every_layout_draws_a_valid_picture_of_any_title(layout, title):
    svg = poster_svg(facts(layout=layout, title=title))
    root = ElementTree.fromstring(svg)
    assert (root.tag, root.get("viewBox")) == (f"{SVG}svg", "0 0 400 600")
    assert root.find(f"{SVG}title").text == ", ".join(filter(None, [title, "Buster Keaton", "1926"]))
    assert len(svg.encode()) < 26_000


@pytest.mark.parametrize("film", films(), ids=lambda film: film.slug)
def test_the_series_is_small_and_needs_nothing_from_elsewhere(film):
    svg = poster_svg(
        facts(title=film.title, director=film.director, palette=tuple(film.palette), layout=film.poster_layout)
    )
    assert len(svg.encode()) < 16_000
    assert "<text" not in svg
    assert "style=" not in svg
    assert "<script" not in svg
    assert set(re.findall(r'(?:href="|url\()([^")])', svg)) <= {"#"}


def test_text_is_escaped_and_cannot_become_markup():
    svg = poster_svg(facts(title="<script>alert(1)</script>", director='"><image href="http://x"/>', year="<b>"))
    tags = {element.tag for element in ElementTree.fromstring(svg).iter()}
    assert not tags & {f"{SVG}script", f"{SVG}image", f"{SVG}b"}


def test_the_same_facts_give_the_same_bytes():
    assert poster_svg(facts()) == poster_svg(facts())


def test_two_films_in_one_layout_do_not_look_the_same():
    assert poster_svg(facts(layout="spiral", title="Charade")) != poster_svg(facts(layout="spiral", title="Vertigo"))


def test_an_unknown_layout_and_colors_that_are_none_fall_back():
    svg = poster_svg(facts(layout="nothing", palette=("red", 'url("x")', "#fff")))
    assert svg == poster_svg(facts(layout=layout_for("The General")))


def test_the_default_layout_is_stable_and_known():
    assert layout_for("Metropolis") == layout_for("Metropolis")
    assert {layout_for(film.title) for film in films()} <= set(layouts())


def test_letters_without_an_outline_are_drawn_by_the_readers_fonts():
    svg = poster_svg(facts(title="東京", layout="horizon"))
    assert [element.text for element in ElementTree.fromstring(svg).iter(f"{SVG}text")] == ["東", "京"]


@pytest.mark.parametrize("layout", ["horizon", "angles"])
@pytest.mark.parametrize(("title", "words"), [("حكاية القمر", "حكاية القمر"), ("הירח", "הירח")])
def test_letters_that_join_or_run_to_the_left_are_drawn_together(layout, title, words):
    """Letter by letter, Arabic words would fall apart and be read backwards."""
    svg = poster_svg(facts(title=title, layout=layout))
    drawn = list(ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert " ".join(element.text for element in drawn) == words
    assert all(float(element.get("x")) + float(element.get("textLength")) <= 400 for element in drawn)


titles = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=120)
boxes = st.builds(Box, st.integers(0, 60), st.integers(0, 400), st.integers(60, 344), st.integers(30, 200))
styles = st.builds(
    Style,
    align=st.sampled_from(["left", "center", "right"]),
    rise=st.sampled_from(["top", "middle", "bottom"]),
    most=st.integers(20, 160),
    lines=st.integers(1, 5),
    caps=st.booleans(),
    block=st.booleans(),
)


@given(titles, boxes, styles)
def test_a_title_never_leaves_its_box(title, box, style):
    lines = set_in_box(title, box, style)
    assert " ".join(line.text for line in lines) == " ".join((title.upper() if style.caps else title).split())
    for line in lines:
        assert box.x - 0.01 <= line.x <= box.x + box.width - line.width + 0.01
        assert box.y + 0.7 * line.size - 0.01 <= line.y <= box.y + box.height + 0.01


def test_a_small_word_does_not_hang_at_the_end_of_a_line():
    lines = set_in_box("The Cabinet of Dr. Caligari", Box(0, 0, 344, 80), Style(lines=2))
    assert [line.text for line in lines] == ["THE CABINET", "OF DR. CALIGARI"]


colors = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(colors, colors, colors, colors)
def test_words_can_be_read_whatever_the_palette(ground, figure, light, surface):
    assert contrast(Inks(ground, figure, light).words_on(surface, figure), surface) >= 4.5
