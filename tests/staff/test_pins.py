"""PINs: which are accepted, how they are stored, and what wrong ones cause."""

import hashlib
import time

import pytest
from structlog.testing import capture_logs

from core.refusals import BadChoice
from staff.models import AuditEntry, Pin, PinTries
from staff.pin_rules import is_easy_to_guess
from staff.services import pins
from staff.services.pins import (
    PinLocked,
    PinPlace,
    TooManyWrongPins,
    WrongPin,
    check_pin,
    place_at,
    set_pin,
    unlock_pin,
)
from tests.devices import OTHER_PIN, PIN, WRONG, make_device, operator
from tests.factories import make_staff, make_theater

pytestmark = pytest.mark.django_db
# Each rule has a PIN that no other rule refuses.
EASY = [
    "111111", "111222", "123456", "654321", "012345", "890123", "246802", "121212", "123123", "123321", "112233",
    "998877", "190485", "040390", "850419", "311299", "198507", "071985", "200012", "290200", "727272", "100001",
    "555155", "536536", "071421",
]  # fmt: skip


@pytest.fixture
def theater():
    return make_theater()


@pytest.fixture
def person(theater):
    return operator("BOX_OFFICE", theater)


@pytest.fixture
def place(theater):
    return place_at(make_device(theater))


def tries(person, place, pin, count):
    found = []
    for _ in range(count):
        try:
            check_pin(user_id=person.pk, pin=pin, place=place)
            found.append("right")
        except (WrongPin, PinLocked, TooManyWrongPins) as refusal:
            found.append(type(refusal).__name__)
    return found


@pytest.mark.parametrize("pin", EASY)
def test_pins_that_others_guess_first_are_refused(person, pin):
    with pytest.raises(BadChoice, match="guess"):
        set_pin(user=person, pin=pin)


@pytest.mark.parametrize("pin", ["185209", "198513", "198500", "320485", "321343", "123542", "404211"])
def test_what_only_resembles_an_easy_pin_is_taken(pin):
    assert not is_easy_to_guess(pin)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "73821a", "٧٣٨٢١٤", " 73821", "738 214"])
def test_six_digits_and_nothing_else(person, pin):
    with pytest.raises(BadChoice, match="six digits"):
        set_pin(user=person, pin=pin)


@pytest.mark.long
def test_four_of_five_pins_remain():
    """The PINs that the rules exclude must not make the others easy to guess."""
    assert sum(is_easy_to_guess(f"{number:06d}") for number in range(0, 1_000_000, 7)) < 1_000_000 / 7 * 0.2


def test_what_is_stored_does_not_tell_the_pin(person, settings):
    stored = Pin.objects.get(user=person)
    assert PIN not in stored.digest + stored.salt
    plain = {hashlib.sha256(f"{salt}{PIN}".encode()).hexdigest() for salt in ("", stored.salt)}
    assert stored.digest not in plain
    settings.SECRET_KEY = "another key " * 5  # the key is part of the hash
    assert tries(person, PinPlace(None, 1), PIN, 1) == ["WrongPin"]


def test_the_same_pin_of_two_people_is_stored_differently(theater, person):
    other = operator("DOOR", theater)
    one, two = Pin.objects.get(user=person), Pin.objects.get(user=other)
    assert one.digest != two.digest
    assert one.salt != two.salt


def test_a_pin_survives_a_new_secret_key(person, place, settings):
    before = Pin.objects.get(user=person).digest
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
    assert tries(person, place, PIN, 1) == ["right"]
    assert Pin.objects.get(user=person).digest != before
    settings.SECRET_KEY_FALLBACKS = []
    assert tries(person, place, PIN, 1) == ["right"]


def test_five_wrong_pins_lock_it_at_this_device_and_no_other(theater, person, place):
    assert tries(person, place, WRONG, 6) == ["WrongPin"] * 4 + ["PinLocked"] * 2
    assert tries(person, place, PIN, 1) == ["PinLocked"]
    assert tries(person, place_at(make_device(theater)), PIN, 1) == ["right"]


def test_a_right_pin_resets_the_count(person, place):
    assert tries(person, place, WRONG, 4) == ["WrongPin"] * 4
    assert tries(person, place, PIN, 1) == ["right"]
    assert tries(person, place, WRONG, 5) == ["WrongPin"] * 4 + ["PinLocked"]


def test_a_new_pin_does_not_unlock_a_locked_one(person, place):
    tries(person, place, WRONG, 5)
    set_pin(user=person, pin=OTHER_PIN)
    assert tries(person, place, OTHER_PIN, 1) == ["PinLocked"]


def test_a_new_pin_unlocks_one_that_was_locked_without_a_device(person):
    """Somebody signed in types a manager's PIN wrong on purpose; no page of a device would unlock it."""
    session = PinPlace(None, 7)
    tries(person, session, WRONG, 5)
    with pytest.raises(PinLocked, match="Its owner unlocks it"):
        check_pin(user_id=person.pk, pin=PIN, place=session)
    set_pin(user=person, pin=OTHER_PIN)
    assert tries(person, session, OTHER_PIN, 1) == ["right"]


def test_a_manager_unlocks_it(theater, person):
    device = make_device(theater)
    tries(person, place_at(device), WRONG, 5)
    unlock_pin(user_id=person.pk, device=device, actor=f"staff:{device.made_by_id}@{device.pk}")
    assert tries(person, place_at(device), PIN, 1) == ["right"]
    entry = AuditEntry.objects.get(action="unlock PIN")
    assert (entry.user, entry.device, entry.after) == (device.made_by, device, {"person": person.email})


def test_every_pin_is_wrong_for_a_person_without_a_pin(theater, place):
    person = make_staff("BOX_OFFICE", theater)
    assert tries(person, place, "", 1) + tries(person, place, PIN, 1) == ["WrongPin", "WrongPin"]


def test_wrong_pins_of_all_people_at_a_device_have_a_limit(theater, place, monkeypatch):
    people = [operator("BOX_OFFICE", theater) for _ in range(6)]
    found = [outcome for person in people for outcome in tries(person, place, WRONG, 4)]
    assert found[:20] == ["WrongPin"] * 20
    assert set(found[20:]) == {"TooManyWrongPins"}
    assert tries(people[5], place, PIN, 1) == ["TooManyWrongPins"]
    assert tries(people[5], place_at(make_device(theater)), PIN, 1) == ["right"]


def test_without_a_device_tries_count_for_the_signed_in_person(person):
    assert tries(person, PinPlace(None, 7), WRONG, 5)[-1] == "PinLockedInSessions"
    assert PinTries.objects.get(user=person, device=None).locked_at is not None


def test_wrong_and_locked_pins_are_in_the_security_log(person, place):
    with capture_logs() as lines:
        tries(person, place, WRONG, 5)
    said = [(line["event"], line["operator_id"], line["device_id"]) for line in lines if "pin" in line["event"]]
    assert said == [("wrong_pin", person.pk, place.device_id)] * 4 + [("pin_locked", person.pk, place.device_id)]


def test_setting_a_pin_is_in_the_audit_log_without_it(person):
    set_pin(user=person, pin=OTHER_PIN)
    assert [entry.action for entry in AuditEntry.objects.filter(user=person)] == ["change PIN", "set PIN"]
    assert OTHER_PIN not in str(list(AuditEntry.objects.values()))


def test_a_check_costs_far_less_than_two_seconds(person, place):
    """The hash of a sign-in would take a tenth of a second of a core, and a counter asks for PINs all evening."""
    began = time.process_time()
    for _ in range(10):
        pins._digest(PIN, person.pk, "0" * 32, "key")
    assert time.process_time() - began < 0.05
