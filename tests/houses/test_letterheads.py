"""Tickets, receipts and credit notes show the house's logo, or else its name as a wordmark."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from houses.models import House, Theater
from houses.selectors import forget_houses
from reservations.letters.papers import receipt_of
from reservations.models import Booking
from reservations.pdf.papers import ROLL, SHEET, paper_pdf
from reservations.pdf.tickets import bookings_pdf
from tests.factories import buy
from tests.pdfs import faults_of, text_of

pytestmark = pytest.mark.django_db
RED = (200, 0, 0)


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    House.objects.update(name="Roxy Pictures")
    Theater.objects.update(name="Palace", company="Lantern Ltd")
    forget_houses()
    yield buy(sandbox, showtime, my_browser, "A1")
    forget_houses()


@pytest.fixture
def with_logo(booking):
    out = BytesIO()
    Image.new("RGB", (400, 100), RED).save(out, "PNG")
    name = default_storage.save("houses/roxy.png", ContentFile(out.getvalue()))
    House.objects.update(logo=name)
    forget_houses()
    yield
    default_storage.delete(name)


def documents(booking) -> list[bytes]:
    """The ticket, and the receipt in both paper sizes."""
    bookings = list(Booking.objects.filter(pk=booking.pk).with_names().with_tickets())
    tickets = bookings_pdf(bookings, address_of=lambda path: f"http://testserver{path}", now=timezone.now())
    receipt = receipt_of(booking_id=booking.pk)
    return [tickets, *(paper_pdf(receipt, template=template) for template in (SHEET, ROLL))]


def has_red_picture(document) -> bool:
    pictures = [picture.image.convert("RGB") for page in PdfReader(BytesIO(document)).pages for picture in page.images]
    return any(picture.getpixel((5, 5)) == RED for picture in pictures)


def test_a_house_without_a_logo_writes_its_name(booking):
    for document in documents(booking):
        assert text_of(document).startswith("ROXY PICTURES")
        assert (faults_of(document), has_red_picture(document)) == ([], False)


def test_a_house_with_a_logo_shows_it_with_its_name_for_readers(booking, with_logo):
    for document in documents(booking):
        assert has_red_picture(document) and "ROXY PICTURES" not in text_of(document)
        assert faults_of(document) == []


def test_a_logo_that_is_gone_leaves_the_name(booking, with_logo):
    House.objects.update(logo="houses/nowhere.png")
    forget_houses()
    assert all(text_of(document).startswith("ROXY PICTURES") for document in documents(booking))
