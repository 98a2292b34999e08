"""What friends may call themselves: names in any script, and nothing that leads to another site."""

from reservations.groups.first_names import is_name

NAMES = [
    "Ada", "Zoë", "Jean-Luc", "O'Neil", "D’Angelo", "ʻAlohi", "J. R.", "J.R.", "J.-P.", "Ada & Ben", "Ada, Ben", "Oma (Erna)",
    "Ludwig 2", "Nguyễn", "Gal·la", "Ólafur", "И́ван", "Ἀριάδνη", "שָׂרָה", "مُحَمَّد", "علی\u200cرضا", "प्रिया", "சுந்தர்",
    "ශ්\u200dරී", "สมชาย", "さくら", "マリー・アン", "伟",
    "민준", "ქეთევან", "Աննա", "ሰላም", "M'baye", "X Æ A-12", "e\u0301lise", "St. John",
]  # fmt: skip
NO_NAMES = [
    "1234", "0170 5551234", "٣٤", "...", "- -", "(&)", "\u200d",
    "ada@example.com", "example.com", "www.example", "http://a", "https://x.y",
    "ada.example", "bit.ly", "<b>", "Ada <3", "[Ada](x)", "{{ name }}", "*Ada*", "_Ada_", "#ada", "Ada; rm",
    "Ada: call me", "Ada/Ben", "a\\b",
    "50 %", "£5", "Ada!", "Ada?", "A\u202eda", "A\u2066da",
]  # fmt: skip


def test_a_name_of_any_script():
    assert [name for name in NAMES if not is_name(name)] == []


def test_a_text_that_is_no_name():
    assert [text for text in NO_NAMES if is_name(text)] == []
