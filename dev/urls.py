"""The product's pages and those that exist in development alone, under /dev/."""

from django.urls import include, path

from config.urls import handler429, handler500
from config.urls import urlpatterns as product

__all__ = ["handler429", "handler500", "urlpatterns"]
urlpatterns = [*product, path("dev/mail/", include("dev.mail.urls"))]
