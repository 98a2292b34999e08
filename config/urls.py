from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

from accounts.views import choose_language
from core.web import views as core_views

# Pictures that everybody may see, under names that are never used again.
media = require_safe(cache_control(public=True, max_age=3600)(serve))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("staff.urls")),
    path("", include("houses.urls")),
    path("", include("theaters.urls")),
    path("", include("reservations.urls")),
    path("", include("payments.urls")),
    *(path("", include(urls)) for urls in settings.PAYMENT_PROVIDER_URLS),
    path("", include("boxoffice.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("language/", choose_language, name="choose_language"),
    path("sentences/<slug:language>/<slug:version>.js", core_views.script_sentences, name="script_sentences"),
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    path(".well-known/security.txt", core_views.security_txt, name="security_txt"),
    path("metrics", core_views.metrics, name="metrics"),
    re_path(r"^media/(?P<path>.*)$", media, {"document_root": settings.MEDIA_ROOT}, name="media"),
]

handler500 = "theaters.error_pages.something_broke"
# Answers of allauth's limits.
handler429 = "accounts.views.too_many_requests"
