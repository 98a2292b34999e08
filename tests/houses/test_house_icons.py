"""Icons and manifest are made from the house's logo, or from its first letter; never from the software's name."""

import json
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from houses.selectors import forget_houses
from tests.house_with_terms import make_house, usual_house

pytestmark = pytest.mark.django_db
RED, PAPER = (200, 0, 0), (248, 244, 236)


@pytest.fixture
def roxy(settings):
    settings.ALLOWED_HOSTS = ["testserver", "roxy.example"]
    usual_house()
    yield make_house("Roxy Pictures", domains=["roxy.example"])
    forget_houses()


def icons(client) -> dict[str, Image.Image]:
    listed = json.loads(client.get("/manifest.webmanifest").content)["icons"]
    answers = {icon["sizes"]: client.get(icon["src"]) for icon in listed}
    assert {answer.headers["Content-Type"] for answer in answers.values()} == {"image/png"}
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers.values())
    return {size: Image.open(BytesIO(answer.content)) for size, answer in answers.items()}


def test_a_house_without_a_logo_has_its_first_letter(roxy):
    client = Client(SERVER_NAME="roxy.example")
    drawn = icons(client)
    assert {size: icon.size for size, icon in drawn.items()} == {"192x192": (192, 192), "512x512": (512, 512)}
    assert len(drawn["512x512"].convert("RGB").getcolors(100_000)) > 2
    page = client.get("/nothing/").content.decode()
    assert f"/houses/{roxy.slug}/" in page and "img/icon-" not in page


def test_phones_find_the_icon_of_the_house_where_they_look_for_one(roxy):
    found = Client(SERVER_NAME="roxy.example").get("/apple-touch-icon.png", follow=True)
    assert (
        Image.open(BytesIO(found.content)).size == (180, 180) and f"/houses/{roxy.slug}/" in found.redirect_chain[0][0]
    )
    usual = Client().get("/apple-touch-icon.png")
    assert usual.headers["Location"] == "/static/img/icon-180.png" and "public" in usual.headers["Cache-Control"]


def test_a_logo_stands_on_the_surface_of_the_house(roxy):
    out = BytesIO()
    Image.new("RGBA", (400, 100), (*RED, 255)).save(out, "PNG")
    roxy.logo.save("roxy.png", ContentFile(out.getvalue()))
    forget_houses()
    icon = icons(Client(SERVER_NAME="roxy.example"))["512x512"].convert("RGB")
    assert icon.getpixel((256, 256)) == RED and icon.getpixel((5, 5)) == icon.getpixel((256, 60)) == PAPER
    roxy.logo.delete()


def test_an_earlier_icon_is_gone_and_the_software_keeps_its_own(roxy):
    client = Client(SERVER_NAME="roxy.example")
    address = json.loads(client.get("/manifest.webmanifest").content)["icons"][0]["src"]
    assert client.get(address.replace("192", "193")).status_code == 404
    roxy.name = "Lumen"
    roxy.save()
    assert client.get(address).status_code == 404
    assert "img/icon" in Client().get("/manifest.webmanifest").content.decode()
