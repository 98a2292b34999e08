import core.clock
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

# Bookings of coming showtimes, so that the limit knows what people have bought before it came.
KNOWN_CUSTOMERS = r"""
UPDATE reservations_booking AS booking
   SET customer = CASE WHEN split_part(address, '@', 2) IN ('gmail.com', 'googlemail.com')
                       THEN replace(split_part(address, '@', 1), '.', '') || '@gmail.com' ELSE address END
  FROM (SELECT id, showtime_id, regexp_replace(lower(trim(email)), '^([^+@]+)\+[^@]*@', '\1@') AS address
          FROM reservations_booking WHERE email <> '') AS known,
       theaters_showtime AS showtime
 WHERE known.id = booking.id AND showtime.id = booking.showtime_id AND showtime.starts_at > now()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reservations", "0026_refused_mail"),
        ("theaters", "0015_published_plans_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="customer",
            field=models.CharField(blank=True, db_default="", default="", help_text="The e-mail address without case and alias.", max_length=254),
        ),
        migrations.CreateModel(
            name="TicketAllowance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(help_text="The address the person books with.", max_length=254, verbose_name="e-mail")),
                ("customer", models.CharField(help_text="The e-mail address without case and alias.", max_length=254)),
                ("most", models.PositiveSmallIntegerField(help_text="All tickets of this person for the showtime, with those bought already.", validators=[django.core.validators.MinValueValidator(1)], verbose_name="tickets in all")),
                ("reason", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(db_default=core.clock.ClockTimestamp())),
                ("showtime", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="ticket_allowances", to="theaters.showtime")),
            ],
            options={"verbose_name": "ticket allowance", "ordering": ["-pk"]},
        ),
        migrations.AddConstraint(
            model_name="ticketallowance",
            constraint=models.UniqueConstraint(fields=("showtime", "customer"), name="ticket_allowance_once_per_person"),
        ),
        migrations.RunSQL(KNOWN_CUSTOMERS, migrations.RunSQL.noop),
    ]
