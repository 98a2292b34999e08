"""The page of a receipt or a credit note: GET shows it, POST gives it its number first."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from reservations.letters.papers import WantedPaper
from reservations.models import Paper

SEE_OTHER = 303
NO_PAPER = "No money was taken or given back, so there is no paper about it."


def answer_with_paper(request: HttpRequest, wanted: WantedPaper, show: Callable[[Paper], HttpResponse]) -> HttpResponse:
    """A paper without a number is offered on a page with a button, so that GET changes nothing. Raises Http404."""
    if request.method == "POST":
        if wanted.issue() is None:
            raise Http404(NO_PAPER)
        answer = redirect(request.get_full_path())
        answer.status_code = SEE_OTHER
        return answer
    if wanted.issued is not None:
        return show(wanted.issued)
    if not wanted.is_due:
        raise Http404(NO_PAPER)
    return render(request, "reservations/paper_to_issue.html")
