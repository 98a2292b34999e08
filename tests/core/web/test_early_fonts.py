"""Pages name the font of their house in a header; fragments and the office do not."""

import pytest
from django.test import Client

from houses.models import House
from houses.selectors import forget_houses
from tests.house_with_terms import usual_house

pytestmark = pytest.mark.django_db


def test_a_page_names_the_font_of_its_house():
    assert (
        Client().get("/search/").headers["Link"] == "</static/fonts/archivo.woff2>; rel=preload; as=font; crossorigin"
    )
    House.objects.filter(pk=usual_house().pk).update(typeface="FRAUNCES")
    forget_houses()
    assert "fonts/fraunces.woff2" in Client().get("/no/").headers["Link"]
    forget_houses()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/search/", {"HX-Request": "true"}),
        ("/search/", {"Plain-Form": "yes"}),
        ("/admin/login/", {}),
        ("/dev/mail/", {}),
        ("/manifest.webmanifest", {}),
    ],
)
def test_what_is_no_page_of_its_own_or_has_other_styles_names_no_font(path, headers, settings):
    settings.ROOT_URLCONF = "dev.urls"
    assert "Link" not in Client().get(path, headers=headers).headers
