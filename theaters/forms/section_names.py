"""Fields with a line for each word of a house's plans: what a section, or a note of a seat, is called in one language."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from theaters.seat_facts import LONGEST_NOTE, is_note
from theaters.seat_labels import LONGEST_SECTION_NAME, SECTION_NAME

LINE = (
    '<label class="section-name">{} <input type="text" class="vTextField" name="{}" value="{}" maxlength="{}"></label>'
)


class WordsWidget(forms.Widget):
    use_fieldset = True
    words: tuple[str, ...] = ()
    longest = LONGEST_SECTION_NAME

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        lines = ((one, f"{name}-{one}", (value or {}).get(one, ""), self.longest) for one in self.words)
        return format_html_join("", LINE, lines)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {one: " ".join(data.get(f"{name}-{one}", "").split()) for one in self.words}

    def id_for_label(self, id_: str) -> str:
        return ""


class SectionNamesField(forms.Field):
    """Translations of section names, {"Balcony": "Rang"}; sections left empty are left out.

    Two that stand together in one of `auditoriums` must differ; in different ones stalls and orchestra may both be "Parkett".
    """

    widget = WordsWidget
    auditoriums: Iterable[frozenset[str]] = ()

    def for_auditoriums(self, auditoriums: Iterable[frozenset[str]]) -> None:
        self.auditoriums = auditoriums
        self.widget.words = tuple(sorted(set().union(*auditoriums)))

    def clean(self, value: dict[str, str]) -> dict[str, str]:
        said = {section: name for section, name in value.items() if name}
        if any(len(name) > LONGEST_SECTION_NAME or not SECTION_NAME.fullmatch(name) for name in said.values()):
            raise forms.ValidationError(
                gettext("A name has up to %(most)s letters, without brackets.") % {"most": LONGEST_SECTION_NAME}
            )
        for sections in self.auditoriums:
            called = Counter(said.get(section, section).casefold() for section in sections)
            if twice := [said.get(one, one) for one in sorted(sections) if called[said.get(one, one).casefold()] > 1]:
                raise forms.ValidationError(
                    gettext(
                        "Two sections of one auditorium are called “%(name)s”. Customers could not tell them apart."
                    )
                    % {"name": twice[0]}
                )
        return said


class SeatNotesField(forms.Field):
    """Translations of notes of seats, {"Behind a pillar": "Hinter einer Säule"}; those left empty are left out."""

    widget = WordsWidget

    def for_notes(self, notes: Iterable[str]) -> None:
        self.widget.words, self.widget.longest = tuple(notes), LONGEST_NOTE

    def clean(self, value: dict[str, str]) -> dict[str, str]:
        said = {note: text for note, text in value.items() if text}
        if not all(map(is_note, said.values())):
            raise forms.ValidationError(
                gettext("A text is one line of up to %(most)s letters.") % {"most": LONGEST_NOTE}
            )
        return said
