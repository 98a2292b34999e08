"""The development mailbox shows every mail as it was written, and nothing in a mail can act."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from dev.mail import box

# A page belongs to the house of its domain, which is read from the database.
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    backend = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(tmp_path)}}}
    return tmp_path


@pytest.fixture
def written(folder):
    def write(subject="Your tickets", html='<img src="cid:qr"><script>alert(1)</script>'):
        mail = EmailMultiAlternatives(subject, "See https://example.com/b/1", "box@example.com", ["ann@example.com"])
        mail.attach_alternative(html, "text/html")
        mail.send()
        return box.newest_first(folder)[0]

    return write


def test_lists_the_newest_mail_with_its_reader(client, written):
    written("First")
    written("Second")
    page = client.get(reverse("dev_mails")).content.decode()
    assert "First" in page
    assert "Second" in page
    assert "ann@example.com" in page


@pytest.mark.long
def test_shows_text_with_links_and_frames_the_html(client, written):
    mail = written()
    page = client.get(reverse("dev_mail", args=[mail.key])).content.decode()
    assert '<a href="https://example.com/b/1"' in page
    assert f'src="{reverse("dev_mail_html", args=[mail.key])}" sandbox="' in page
    assert "allow-scripts" not in page
    assert "<script>" not in page


def test_the_html_of_a_mail_may_not_act(client, written):
    response = client.get(reverse("dev_mail_html", args=[written().key]))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_inline_images_are_put_into_the_html(folder):
    (folder / "20260101-120000-1.log").write_bytes(
        b'Content-Type: multipart/related; boundary="b"\nSubject: QR\n\n'
        b'--b\nContent-Type: text/html\n\n<img src="cid:qr1">\n'
        b"--b\nContent-Type: image/png\nContent-ID: <qr1>\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
        b"\n" + b"-" * 79 + b"\n"
    )
    assert '<img src="data:image/png;base64,AAAA">' in box.newest_first(folder)[0].html


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["20260101-120000-1-0", "20260101-120000-1", "passwd", "x-1"])
def test_no_such_mail(client, folder, key):
    assert client.get(reverse("dev_mail", args=[key])).status_code == 404


def test_says_so_when_mails_are_really_sent(client):
    assert "names a mail server" in client.get(reverse("dev_mails")).content.decode()
