"""Drawing the next plan: whose save wins, what is kept, and that a published plan never changes."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from staff.models import AuditEntry
from tests.factories import make_auditorium, make_draft, make_staff, make_theater
from tests.ledger import nothing_changes
from theaters.models import EarlierDraft, PlanDraft, Seat, SeatingPlan, Showtime
from theaters.plans.plan_drafts import (
    MOST_EARLIER,
    DraftMoved,
    NotKept,
    PlanMoved,
    begin_draft,
    discard_draft,
    drawing_of_draft,
    publish_draft,
    restore_draft,
    save_draft,
)
from theaters.plans.plan_files import PlanUnreadable
from theaters.plans.plan_json import as_rows
from theaters.plans.plan_text import parse_plan
from theaters.plans.plans import PlanRefused, current_plan, drawing_of, lay_out

pytestmark = pytest.mark.django_db

LARGER = as_rows(parse_plan("A  ooo.ooo\nB  ppp.ppp\nC  ss..wc\n").seats)
TWICE = [{**row, "row": "A"} for row in LARGER]


@pytest.fixture
def room():
    return make_auditorium(make_theater())


@pytest.fixture
def ada(room):
    return make_staff("MANAGER", room.theater)


@pytest.fixture
def bob(room):
    return make_staff("MANAGER", room.theater)


@pytest.fixture
def draft(room, ada):
    return begin_draft(auditorium=room, user_id=ada.pk)


def save(room, person, *, revision=1, rows=LARGER):
    return save_draft(auditorium=room, revision=revision, rows=rows, user_id=person.pk)


def publish(room, person, *, revision=1, present=1, reason="Row C is new"):
    return publish_draft(
        auditorium=room, revision=revision, present=present, reason=reason, user_id=person.pk, now=timezone.now()
    )


def acts():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


class TestBegin:
    def test_it_is_a_copy_of_the_present_plan(self, room, draft):
        assert drawing_of_draft(draft) == drawing_of(current_plan(room))
        assert (draft.based_on, draft.revision, acts()) == (room.plans.get(), 1, ["begin plan"])

    def test_in_a_new_room_it_is_empty(self, room, ada):
        room.pk, room.name = None, "Without a plan"
        room.save()
        draft = begin_draft(auditorium=room, user_id=ada.pk)
        assert (draft.rows, draft.based_on) == ([], None)

    def test_who_comes_second_gets_the_same(self, room, draft, bob):
        assert begin_draft(auditorium=room, user_id=bob.pk) == draft
        assert acts() == ["begin plan"]


class TestSave:
    def test_a_save_counts_and_keeps_what_it_replaces(self, room, draft, bob):
        saved = save(room, bob)
        assert (saved.revision, saved.rows, saved.user) == (2, LARGER, bob)
        kept = EarlierDraft.objects.get()
        assert (kept.revision, kept.rows, kept.user) == (1, draft.rows, draft.user)

    def test_the_second_of_two_is_told_and_nothing_is_lost(self, room, draft, ada, bob):
        save(room, ada)
        with nothing_changes(), pytest.raises(DraftMoved) as moved:
            save(room, bob, rows=[])
        assert moved.value.draft.user == ada
        assert moved.value.sentence.startswith(f"{ada} saved this draft while you were drawing.")
        save(room, bob, revision=2, rows=[])
        assert [one.rows for one in EarlierDraft.objects.order_by("revision")] == [draft.rows, LARGER]

    def test_without_a_draft_it_says_so(self, room, bob):
        with pytest.raises(DraftMoved, match="This draft is gone"):
            save(room, bob)
        assert not PlanDraft.objects.exists()

    def test_what_breaks_rules_may_be_saved_but_nonsense_not(self, room, draft, ada):
        assert save(room, ada, rows=TWICE).rows == TWICE
        with nothing_changes(), pytest.raises(PlanUnreadable):
            save(room, ada, revision=2, rows=[{"row": "A"}])

    def test_an_earlier_save_comes_back(self, room, draft, ada):
        save(room, ada)
        back = restore_draft(auditorium=room, revision=2, earlier=1, user_id=ada.pk)
        assert (back.revision, back.rows) == (3, draft.rows)
        with pytest.raises(NotKept):
            restore_draft(auditorium=room, revision=3, earlier=9, user_id=ada.pk)

    def test_the_oldest_are_forgotten(self, room, draft, ada):
        for revision in range(1, MOST_EARLIER + 3):
            save(room, ada, revision=revision)
        assert EarlierDraft.objects.count() == MOST_EARLIER
        assert EarlierDraft.objects.order_by("revision").first().revision == 3


class TestPublish:
    def test_it_is_the_next_plan_and_the_draft_is_gone(self, room, draft, ada):
        before = make_draft(auditorium=room)
        save(room, ada)
        plan = publish(room, ada, revision=2)
        assert Showtime.objects.get().plan == before.plan != plan
        assert (plan.number, plan.status, current_plan(room)) == (2, "PUBLISHED", plan)
        assert as_rows(drawing_of(plan).seats) == LARGER
        assert parse_plan(plan.source) == drawing_of(plan)
        assert not PlanDraft.objects.exists()
        entry = AuditEntry.objects.latest("pk")
        assert (entry.action, entry.reason, entry.user, entry.before, entry.after) == (
            "publish plan", "Row C is new", ada, {"plan": 1, "seats": 12}, {"plan": 2, "seats": 16},
        )  # fmt: skip

    def test_every_problem_is_told_and_nothing_is_published(self, room, draft, ada):
        save(room, ada, rows=TWICE)
        with nothing_changes(), pytest.raises(PlanRefused) as refusal:
            publish(room, ada, revision=2)
        assert refusal.value.problems == ["There are 3 rows A. Give each row a name of its own."]

    def test_not_what_somebody_else_saved_meanwhile(self, room, draft, ada, bob):
        save(room, bob)
        with nothing_changes(), pytest.raises(DraftMoved):
            publish(room, ada)

    def test_not_against_a_plan_nobody_looked_at(self, room, draft, ada):
        lay_out(auditorium=room, text="A oo", now=timezone.now())
        with nothing_changes(), pytest.raises(PlanMoved):
            publish(room, ada, present=1)
        assert publish(room, ada, present=2).number == 3

    def test_discarding_leaves_the_plan(self, room, draft, ada):
        discard_draft(auditorium=room, revision=1, user_id=ada.pk)
        assert not PlanDraft.objects.exists()
        assert (SeatingPlan.objects.count(), acts()) == (1, ["begin plan", "discard plan"])


class TestPublishedStays:
    """A published plan cannot be changed, not even by SQL."""

    @pytest.mark.parametrize(
        "break_it",
        [
            lambda plan: SeatingPlan.objects.filter(pk=plan.pk).update(number=9),
            lambda plan: SeatingPlan.objects.filter(pk=plan.pk).update(status="DRAFT", published_at=None),
            lambda plan: Seat.objects.filter(plan=plan, label="A1").update(category="PREMIUM"),
            lambda plan: Seat.objects.filter(plan=plan, label="A1")._raw_delete("default"),
            lambda plan: Seat.objects.create(plan=plan, label="Z1", row="Z", number=1, x=0, y=9),
        ],
    )
    def test_a_published_plan_and_its_seats(self, room, break_it):
        with nothing_changes(), pytest.raises(DatabaseError, match="published plan"), transaction.atomic():
            break_it(room.plans.get())

    def test_a_plan_that_breaks_rules_is_not_laid_out(self, room):
        with nothing_changes(), pytest.raises(PlanRefused, match="63 is the most a map can show"):
            lay_out(auditorium=room, text=f"A {'o' * 64}", now=timezone.now())


def test_a_save_asked_again_because_its_answer_was_lost_counts_once(room, draft, ada):
    save(room, ada)
    with nothing_changes():
        assert save(room, ada).revision == 2


def test_the_same_drawing_of_somebody_else_or_another_one_is_no_second_try(room, draft, ada, bob):
    save(room, ada)
    with pytest.raises(DraftMoved):
        save(room, bob)
    with pytest.raises(DraftMoved):
        save(room, ada, rows=LARGER[:1])
    save(room, ada, revision=2, rows=LARGER[:1])
    with pytest.raises(DraftMoved):
        save(room, ada)
