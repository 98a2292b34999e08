"""A PDF document as an answer to a browser."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_response(content: bytes, *, name: str) -> HttpResponse:
    """Shown in the browser; saved under marquee-<name>.pdf. The name may have any letters: labels of seats do."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = str(content_disposition_header(False, f"marquee-{name}.pdf"))
    return response
