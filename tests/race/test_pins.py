"""Wrong PINs that are typed at the same time are counted one after the other: five are checked, and no more. A link that
two browsers open at the same time enrolls one of them.
"""

from collections import Counter
from threading import Barrier

import pytest

from staff import locks
from staff.models import Device, PinTries
from staff.services import devices
from staff.services.devices import enroll
from staff.services.pins import check_pin, place_at
from tests.devices import WRONG, make_device, operator
from tests.factories import make_theater
from tests.race.racing import run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TRIES = 8


@pytest.fixture
def theater():
    return make_theater()


def guessing(theater):
    person, place = operator("BOX_OFFICE", theater), place_at(make_device(theater))
    PinTries.objects.create(user=person, device_id=place.device_id)
    return [lambda: check_pin(user_id=person.pk, pin=WRONG, place=place)] * TRIES


def test_five_of_eight_wrong_pins_are_looked_at(theater):
    said = Counter(run_all(*guessing(theater)))
    assert said == {"WrongPin": 4, "PinLocked": TRIES - 4}
    assert PinTries.objects.get().wrong == 5


def test_without_the_lock_more_would_be_looked_at(theater, monkeypatch):
    """Negative control: the same tries, with the count read and not locked."""
    all_looked = Barrier(TRIES)

    def look_only(*, user_id, device_id):
        found = PinTries.objects.get(user_id=user_id, device_id=device_id)
        all_looked.wait(20)
        return found

    monkeypatch.setattr(locks, "pin_tries", look_only)
    assert Counter(run_all(*guessing(theater))) == {"WrongPin": TRIES}
    assert PinTries.objects.get().wrong == 1


def test_a_link_enrolls_one_browser(theater):
    device = make_device(theater)
    said = run_all(*[lambda: enroll(secret=device.name)[1]] * 2)
    assert said.count("DeviceLinkOver") == 1
    [cookie] = [cookie for cookie in said if cookie != "DeviceLinkOver"]
    assert Device.objects.get().cookie_hash == devices.hash_of(cookie)


def test_without_the_lock_both_would_be_enrolled(theater, monkeypatch):
    """Negative control: the same link, with the device read and not locked. The second browser replaces the first."""
    device = make_device(theater)
    both_looked = Barrier(2)

    def look_only(link_hash):
        found = Device.objects.with_open_link().get(link_hash=link_hash)
        both_looked.wait(20)
        return found

    monkeypatch.setattr(locks, "device_with_link", look_only)
    said = run_all(*[lambda: enroll(secret=device.name)[1]] * 2)
    assert "DeviceLinkOver" not in said
