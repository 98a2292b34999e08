"""The product's pages and those that exist in development alone, under /dev/."""

from django.urls import include, path

from config.urls import urlpatterns as product

urlpatterns = [*product, path("dev/mail/", include("dev.mail.urls"))]

handler429 = "accounts.views.too_many_requests"
