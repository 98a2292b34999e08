"""Creates enrolled devices, and people who work on them by their PIN."""

import itertools

from django.test import Client

from core.clock import from_now
from staff.models import Device, Pin
from staff.services.devices import enroll, hash_of
from staff.services.pins import set_pin
from tests.factories import make_staff

PIN = "738214"
OTHER_PIN = "905163"
WRONG = "417092"
_numbers = itertools.count(100_001)  # all of one length, so that names sort by age


def make_device(theater, task="COUNTER", name="") -> Device:
    """Create a device whose link has not been opened; the link's secret is the name of the device."""
    name = name or f"{task.title()} {next(_numbers)}"
    boss = make_staff("MANAGER", theater)
    return Device.objects.create(
        name=name, theater=theater, task=task, made_by=boss, link_hash=hash_of(name), link_until=from_now(600)
    )


def enrolled(theater, task="COUNTER", name="") -> tuple[Device, Client]:
    """A device and the browser that has its cookie."""
    device = make_device(theater, task, name)
    _, cookie = enroll(secret=device.name)
    device.refresh_from_db()
    client = Client()
    client.cookies["workplace"] = cookie
    return device, client


def operator(role, theater, pin=PIN):
    """Create a person with a role at the theater and a PIN."""
    person = make_staff(role, theater)
    if Pin.objects.filter(user=person).first() is None:
        set_pin(user=person, pin=pin)
    return person


def choose(client, person, pin=PIN, **more):
    return client.post("/device/", {"person": person.pk, "pin": pin, **more})


def at_work(role, theater, task="COUNTER", pin=PIN):
    """A device, its browser, and the person who works there."""
    device, client = enrolled(theater, task)
    person = operator(role, theater, pin)
    assert choose(client, person, pin).status_code == 302
    return device, client, person
