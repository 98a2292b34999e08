"""Answers of the account pages that allauth does not give itself."""

from django.http import HttpRequest, HttpResponse

from accounts.limits import minutes_text, seconds_left_on_page
from accounts.middleware import too_many_tries


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """For allauth's limits: 429 with the seconds until the limit that was reached lets somebody try again."""
    left = seconds_left_on_page(request)
    sentence = f"That was tried too often in a short time. Nothing was changed; please wait {minutes_text(left)}, then try again."
    return too_many_tries(request, sentence=sentence, retry_after=left)
