"""The webhook of all providers. Each provider's urls.py gives it an address and a name."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.web.refusal_pages import with_retry_after
from payments.books import provider_events
from payments.providers import errors

logger = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def receive(request: HttpRequest, *, provider: str) -> HttpResponse:
    """Verify, store, acknowledge: only what is in the database is answered with 2xx. A worker does the rest."""
    try:
        provider_events.record_event(provider=provider, body=request.body, headers=request.headers)
    except errors.BadSignature as error:
        logger.warning("webhook_refused", provider=provider, reason=str(error))
        return HttpResponse("The signature of this delivery is wrong.", status=400, content_type="text/plain")
    except errors.Unstorable as error:
        logger.exception("webhook_unstorable", provider=provider, reason=str(error))
        return HttpResponse(
            f"This delivery is signed, but it cannot be kept: {error}.", status=400, content_type="text/plain"
        )
    except provider_events.NotStored:
        logger.exception("webhook_not_stored", provider=provider)
        answer = HttpResponse(
            "This delivery was not stored. Please send it again.", status=503, content_type="text/plain"
        )
        return with_retry_after(answer, 5)
    return HttpResponse("stored", content_type="text/plain")
