"""Texts of houses as HTML: Markdown without raw HTML, then only what a text needs."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
_SCHEMES = {"https", "http", "mailto", "tel"}
_reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def as_html(text: str) -> SafeString:
    """A first-level heading becomes one of the second level: the page has its title."""
    html = _reader.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel="noopener nofollow")
    return mark_safe(clean)  # noqa: S308
