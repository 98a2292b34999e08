"""Account pages and responses that allauth does not have."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView, SignupView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from accounts.models import AccountSession
from accounts.page_limits import TooManyTries, seconds_left_on_page
from accounts.selectors import needs_of, tells_staff
from accounts.services import account_sessions
from accounts.services.account_language import keep_language
from accounts.services.needs import known_needs, save_needs
from accounts.states import Need, values_for
from core.clock import minutes_text
from core.web.refusal_pages import refuse


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The answer to allauth's limits: 429, with the seconds until the reached limit allows another try."""
    left = seconds_left_on_page(request)
    sentence = gettext("You have tried this too often. Nothing was changed. Please wait %(wait)s, then try again.") % {
        "wait": minutes_text(left)
    }
    return refuse(request, TooManyTries(sentence, left))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The switch: a cookie keeps the language for the browser, and the account keeps it for other browsers and letters."""
    answer = set_language(request)
    if settings.LANGUAGE_COOKIE_NAME in answer.cookies and request.user.is_authenticated:
        keep_language(request.user, request.POST["language"])
    return answer


class SignUp(SignupView):
    """Signs up in one transaction: a new account then takes one commit, as long as the answer to a known address."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
        return answer


class _BesideCode:
    """Mixin for pages beside that of the code: allauth sends people with a waiting code there; these pages stay open to
    them.
    """

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> HttpResponse | None:
        if isinstance(stage, LoginByCodeStage):
            return None
        answer: HttpResponse = super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]
        return answer


class SignIn(_BesideCode, LoginView):
    pass


class AskForSignInCode(_BesideCode, RequestLoginCodeView):
    pass


class TypeSignInCode(ConfirmLoginCodeView):
    """The code that came by e-mail; an address without an account gets the same pages and no code is right."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"email": self._process.state.get("email", "")}

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        sentence = gettext("That was wrong too often: the code does not work any more. Please ask for a new one.")
        messages.error(self.request, sentence)
        return redirect("account_request_login_code")


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest) -> HttpResponse:
    """The page of needs. Without an account, a cookie of this browser stores them."""
    if request.method != "POST":
        chosen = needs_of(request)
        context = {
            "choices": [(need, need in chosen) for need in Need],
            "has_needs": bool(chosen),
            "tells_staff": tells_staff(request.user),
            "fits_showtimes": bool(values_for(chosen)),
        }
        return render(request, "account/needs.html", context)
    wanted = [] if "forget" in request.POST else known_needs(request.POST.getlist("need"))
    response = redirect("needs")
    save_needs(request, response, wanted, tells_staff="tell" in request.POST)
    messages.success(request, gettext("Saved.") if wanted else gettext("We keep nothing about your needs."))
    return response


@require_safe
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    return render(request, "account/sessions.html", {"sessions": account_sessions.sessions_of(request)})


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End a session; 404 for another person's. Ending the present one signs out."""
    this = {session.id for session in account_sessions.sessions_of(request) if session.is_this}
    if pk in this:
        get_adapter(request).logout(request)
        return redirect("account_login")
    user: Any = request.user
    try:
        account_sessions.end_session(user=user, session_id=pk)
    except AccountSession.DoesNotExist:
        raise Http404("No session of yours has this number.") from None
    messages.success(request, gettext("That device is signed out."))
    return redirect("account_sessions")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    account_sessions.end_other_sessions(request)
    messages.success(request, gettext("All other devices are signed out."))
    return redirect("account_sessions")
