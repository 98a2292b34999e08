"""Admin pages of houses: name, look, company, and the texts of their pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from core.web.posted_numbers import posted_number
from houses.markdown import as_html
from houses.models import House, PageText, Post, TextPage
from houses.models.houses import TRANSLATED_TEXTS as HOUSE_TEXTS
from houses.models.pages import POST_TEXTS
from houses.selectors import forget_houses, zone_of_house
from staff.access import staff_actor, theaters_of
from staff.office import NOTHING, moment_text
from staff.shared_rows import SharedAdmin
from theaters.admin.translated import TranslatedAdmin
from theaters.admin.untranslated import untranslated
from theaters.forms.houses import (
    COLORS,
    HouseForm,
    PageTextForm,
    PostForm,
    SeriesForm,
    post_languages,
    seat_notes_field,
    section_names_field,
)
from theaters.houses.house_posts import tell_in_another
from theaters.houses.house_texts import publish_text
from theaters.houses.house_use import refusal_to_change, theater_ids_of_house
from theaters.models import Series
from theaters.models.series import TRANSLATED_TEXTS as SERIES_TEXTS
from theaters.section_names import seat_notes_of, section_names_of


class OfHouse(SharedAdmin):
    """An admin page of something that belongs to a house; subclasses set `house_of`."""

    def house_of(self, obj: Any) -> House:
        house: House = obj.house
        return house

    def theaters_using(self, obj: Any) -> frozenset[int]:
        return theater_ids_of_house(self.house_of(obj))

    def refusal(self, obj: Any, theater_ids: frozenset[int]) -> str:
        return refusal_to_change(house=self.house_of(obj), theater_ids=theater_ids)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        forget_houses()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Preselect the house when there is only one."""
        found: dict[str, Any] = super().get_changeform_initial_data(request)
        houses = House.objects.all()[:2]
        return {"house": houses[0].pk, **found} if len(houses) == 1 else found

    def may_add_to(self, request: HttpRequest, house: House) -> bool:
        """Whether the person may add to the house: this needs rights at all of its theaters."""
        return not refusal_to_change(house=house, theater_ids=self.keys(request, "add"))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:  # noqa: FBT001
        obj = super().save_form(request, form, change)
        if not change and not isinstance(obj, House) and not self.may_add_to(request, obj.house):
            raise PermissionDenied
        return obj


@admin.register(House)
class HouseAdmin(TranslatedAdmin, OfHouse):
    form = HouseForm
    address_help = _("A short name for files of this house, made from its name. It stays as it is.")
    translated_texts = HOUSE_TEXTS
    translated_description = _("Empty: the text above, and the names in the plans.")
    list_display = ["name", "domain_names"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "domains", "languages"]}),
        (_("Look"), {"fields": ["logo", "typeface", "has_own_colors", *COLORS, "footer_text", "social_links"]}),
        (_("Mails"), {"fields": ["sender_name", "sender_address", "reply_to"]}),
        (_("Law"), {"fields": ["company", "company_address", "register_entry", "tax_number", "responsible_person"]}),
        (_("Privacy"), {"fields": ["contact_months"]}),
    ]

    def house_of(self, obj: Any) -> House:
        house: House = obj
        return house

    def languages(self, obj: Any) -> list[str]:
        return obj.offered_languages[1:] if obj else []

    def translated_fields(self, code: str, obj: Any) -> list[str]:
        sections = [section_names_field(code)] if obj and section_names_of(obj.pk) else []
        notes = [seat_notes_field(code)] if obj and seat_notes_of(obj.pk) else []
        return [*super().translated_fields(code, obj), *sections, *notes]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Add the list of missing translations, for people who may write some of them."""
        house = self.get_object(request, object_id)
        theaters = theaters_of(request.user, "houses.change_theater").filter(house=house)
        if house is not None and theaters:
            missing = untranslated(house, list(theaters), now=timezone.now())
            extra_context = {"untranslated": missing, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=_("domains"))
    def domain_names(self, house: House) -> str:
        return ", ".join(house.domains) or NOTHING


@admin.register(TextPage)
class TextPageAdmin(OfHouse):
    list_display = ["slug", "house", "titles", "is_in_footer"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [self._texts_for(request, obj), *(["house", "slug"] if obj else [])]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["house", "slug", "is_in_footer", "position", self._texts_for(request, obj)]

    def _texts_for(self, request: HttpRequest, page: TextPage | None) -> str:
        """The texts of this page, each with a link for people who may write it."""
        return "texts_so_far" if page is None or self.has_change_permission(request, page) else "texts_to_read"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.write_view)
        return [path("<int:page_id>/write/", view, name="houses_textpage_write"), *super().get_urls()]

    def response_add(self, request: HttpRequest, obj: TextPage, post_url_continue: Any = None) -> HttpResponse:
        return redirect("admin:houses_textpage_write", obj.pk)

    def write_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Write a new text of a page, preview it and publish it."""
        page = self.get_object(request, str(page_id))
        if page is None:
            raise Http404("There is no page here with this number.")
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        form = PageTextForm(
            request.POST or None, initial=_text_asked_for(request, page), zone=zone_of_house(page.house_id)
        )
        refusal = ""
        if request.method == "POST" and form.is_valid() and "_publish" in request.POST:
            try:
                self._publish(request, page, form.cleaned_data)
            except Refusal as error:
                refusal = str(error)
            else:
                self.message_user(request, gettext("The text is published."), messages.SUCCESS)
                return redirect("admin:houses_textpage_change", page.pk)
        shown = (
            (form.cleaned_data if form.is_valid() else None)
            if form.is_bound
            else _shown_text(request, dict(form.initial))
        )
        context = {
            **self.admin_site.each_context(request), "title": gettext("New text"), "opts": self.opts, "page": page, "form": form,
            "refusal": refusal, "shown": shown, "html": as_html(shown["body"]) if shown else "",
        }  # fmt: skip
        return TemplateResponse(request, "admin/houses/textpage/write.html", context, status=422 if refusal else 200)

    def _publish(self, request: HttpRequest, page: TextPage, data: dict[str, Any]) -> None:
        publish_text(
            page=page, language=data["language"], title=data["title"], body=data["body"], holds_from=data["holds_from"],
            user_id=request.user.pk or 0, actor=staff_actor(request.user), now=timezone.now(),
        )  # fmt: skip

    @admin.display(description=_("texts"))
    def texts_so_far(self, page: TextPage) -> SafeString | str:
        if not page.pk:
            return gettext("The text is written on the next page.")
        url = reverse("admin:houses_textpage_write", args=[page.pk])
        return _list_of_texts(page, lambda text: format_html('<a href="{}?text={}">{}</a>', url, text.pk, text.title))

    @admin.display(description=_("texts"))
    def texts_to_read(self, page: TextPage) -> SafeString | str:
        return _list_of_texts(page, lambda text: text.title)

    @admin.display(description=_("title"))
    def titles(self, page: TextPage) -> str:
        return ", ".join(dict.fromkeys(text.title for text in page.texts.all())) or NOTHING


def _list_of_texts(page: TextPage, named: Callable[[PageText], str]) -> SafeString | str:
    """The texts of a page, newest first, each with its language and whether it is valid now."""
    zone, now = zone_of_house(page.house_id), timezone.now()
    newest = {text.language: text.pk for text in reversed(page.texts.holding())}
    languages = dict(settings.LANGUAGES)
    lines = format_html_join(
        "",
        "<li>{}, {}: {}</li>",
        (
            (named(text), languages.get(text.language, text.language), _when(text, newest, zone=zone, now=now))
            for text in page.texts.order_by("-holds_from", "-pk")
        ),
    )
    return format_html('<ul class="texts-so-far">{}</ul>', lines) if lines else NOTHING


def _when(text: PageText, newest: dict[str, int], *, zone: ZoneInfo, now: datetime) -> str:
    """Whether a text is valid now, later, or was earlier; `newest` has the text that is valid now by language."""
    facts = {"moment": moment_text(text.holds_from, zone)}
    if text.holds_from > now:
        return gettext("holds from %(moment)s on") % facts
    if newest.get(text.language) == text.pk:
        return gettext("holds now, since %(moment)s") % facts
    return gettext("held from %(moment)s") % facts


def _text_asked_for(request: HttpRequest, page: TextPage) -> dict[str, Any]:
    """The text with which the form is filled: the one in the address, else the newest."""
    asked = posted_number(request.GET.get("text", ""))
    texts = page.texts.order_by("-holds_from", "-pk")
    text = texts.first() if asked is None else texts.filter(pk=asked).first()
    return {"language": text.language, "title": text.title, "body": text.body} if text else {}


def _shown_text(request: HttpRequest, initial: dict[str, Any]) -> dict[str, Any] | None:
    """The text that the address names, to read it."""
    return initial if initial and "text" in request.GET else None


@admin.register(Post)
class PostAdmin(TranslatedAdmin, OfHouse):
    form = PostForm
    address_help = _("The last part of /news/…/, made from the title.")
    translated_texts = POST_TEXTS
    translated_description = _("Who reads this language reads this post in it. Empty: the text above.")
    list_display = ["title", "house", "language", "published", "told_by"]
    list_select_related = ["house", "same_as"]
    fields = ["house", "title", "slug", "language", "same_as", "text", "picture", "picture_alt", "published_at"]
    empty_words = {"same_as": _("A post of its own")}

    def languages(self, obj: Any) -> list[str]:
        return post_languages(obj or Post())

    def save_model(self, request: HttpRequest, obj: Post, form: PostForm, change: bool) -> None:  # noqa: FBT001
        before = Post.objects.select_related("same_as").filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        tell_in_another(post=obj, before=before)

    @admin.display(description=_("published at"), ordering="published_at", empty_value=NOTHING)
    def published(self, post: Post) -> str:
        return moment_text(post.published_at, zone_of_house(post.house_id)) if post.published_at else gettext("a draft")

    @admin.display(description=_("the same post as"))
    def told_by(self, post: Post) -> str:
        return str(post.same_as or "")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("title",)}


@admin.register(Series)
class SeriesAdmin(TranslatedAdmin, OfHouse):
    form = SeriesForm
    address_help = _("The last part of /series/…/, made from the name.")
    translated_texts = SERIES_TEXTS
    list_display = ["name", "house", "slug"]
    fields = ["house", "name", "slug", "is_relaxed", "text"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}
