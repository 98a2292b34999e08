from django.urls import path

from payments.providers.stripe.provider import StripeProvider
from payments.views import news

urlpatterns = [
    path("payments/stripe/webhook/", news.receive, {"provider": StripeProvider.name}, name="webhook"),
]
