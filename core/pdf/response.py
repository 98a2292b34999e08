"""An HTTP response with a PDF document."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from core.house_facts import current_house


def pdf_response(content: bytes, *, name: str) -> HttpResponse:
    """Shown in the browser; saved under <house>-<name>.pdf. The name may have any letters: labels of seats do."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = str(
        content_disposition_header(False, current_house().file_name(name, "pdf"))
    )
    return response
