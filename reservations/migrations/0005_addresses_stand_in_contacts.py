"""A customer's address stands in the contact of the sale alone: mails name it, redemptions and papers find it by their sale.

A paper is of a sale: one receipt for all that was paid together.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

STAFF = "('REFUND_ALERT', 'MONEY_ALERT')"
# A mail to an address that the sale has no more gets a contact of its own. Papers are append-only by a trigger.
FILL = f"""
UPDATE reservations_outgoingmail mail SET contact_id = sale.contact_id, "to" = ''
  FROM reservations_booking booking JOIN sales_sale sale ON sale.id = booking.sale_id
  JOIN sales_contact contact ON contact.id = sale.contact_id
 WHERE booking.id = mail.booking_id AND mail.kind NOT IN {STAFF} AND lower(mail."to") = lower(contact.email);
DO $$ DECLARE mail record; contact bigint; BEGIN
    FOR mail IN SELECT id, "to" FROM reservations_outgoingmail WHERE contact_id IS NULL AND kind NOT IN {STAFF} LOOP
        INSERT INTO sales_contact (email) VALUES (mail."to") RETURNING id INTO contact;
        UPDATE reservations_outgoingmail SET contact_id = contact, "to" = '' WHERE id = mail.id;
    END LOOP;
END $$;
ALTER TABLE reservations_paper DISABLE TRIGGER USER;
UPDATE reservations_paper paper SET sale_id = booking.sale_id, content = paper.content - 'buyer'
  FROM reservations_booking booking WHERE booking.id = paper.booking_id;
ALTER TABLE reservations_paper ENABLE TRIGGER USER;
SET CONSTRAINTS ALL IMMEDIATE;
"""
EMPTY = """
UPDATE reservations_outgoingmail mail SET "to" = contact.email FROM sales_contact contact
 WHERE contact.id = mail.contact_id;
ALTER TABLE reservations_paper DISABLE TRIGGER USER;
UPDATE reservations_paper paper
   SET booking_id = (SELECT min(id) FROM reservations_booking WHERE sale_id = paper.sale_id),
       content = paper.content || jsonb_build_object('buyer', contact.email)
  FROM sales_sale sale JOIN sales_contact contact ON contact.id = sale.contact_id WHERE sale.id = paper.sale_id;
ALTER TABLE reservations_paper ENABLE TRIGGER USER;
SET CONSTRAINTS ALL IMMEDIATE;
"""
KEPT = ("id", "promo_code_id", "booking_id", "discount", "currency", "created_at")


def frozen(*columns: str) -> str:
    arguments = ", ".join(f"'{column}'" for column in columns)
    return f"""
    CREATE TRIGGER redemption_frozen BEFORE UPDATE OF {", ".join(columns)} ON reservations_promoredemption
        FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns({arguments});
    """


class Migration(migrations.Migration):
    dependencies = [("reservations", "0004_voids_and_notes"), ("sales", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="paper", name="paper_one_receipt_per_booking"),
        migrations.RemoveIndex(model_name="promoredemption", name="redemption_counted"),
        migrations.AddField(
            model_name="outgoingmail",
            name="contact",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="sales.contact",
                help_text="The customer it goes to.",
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="to",
            field=models.EmailField(
                blank=True, db_default="", default="", max_length=254,
                help_text="The address of staff; empty for customers.",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="sale",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="sales.sale"
            ),
        ),
        migrations.AlterField(
            model_name="paper",
            name="booking",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reservations.booking"
            ),
        ),
        migrations.RunSQL(FILL, EMPTY),
        migrations.AlterField(
            model_name="paper",
            name="sale",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="sales.sale"
            ),
        ),
        migrations.RemoveField(model_name="paper", name="booking"),
        migrations.AlterField(
            model_name="paper",
            name="content",
            field=models.JSONField(help_text="All that is printed but the buyer's address, as it was then."),
        ),
        migrations.RunSQL(
            "DROP TRIGGER redemption_frozen ON reservations_promoredemption;", frozen(*KEPT, "customer")
        ),
        migrations.RemoveField(model_name="promoredemption", name="customer"),
        migrations.RunSQL(frozen(*KEPT), "DROP TRIGGER redemption_frozen ON reservations_promoredemption;"),
        migrations.AddIndex(
            model_name="promoredemption",
            index=models.Index(fields=["promo_code"], condition=Q(given_back_at=None), name="redemption_counting"),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=Q(contact__isnull=False, to="") | Q(contact=None) & ~Q(to=""),
                name="outgoingmail_to_a_contact_or_staff",
                violation_error_message="A mail goes to a customer's contact, or to an address of staff.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=["sale"], condition=Q(kind="RECEIPT"), name="paper_one_receipt_per_sale",
                violation_error_message="This sale has a receipt already.",
            ),
        ),
    ]
