from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [("reservations", "0023_indexes_of_reports")]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="network",
            field=models.CharField(blank=True, db_default="", default="", help_text="The IPv6 /48 around the address, or the IPv4 address again. Empty: not limited by address.", max_length=64),
        ),
        migrations.AddField(
            model_name="hold",
            name="has_paid",
            field=models.BooleanField(db_default=False, default=False, help_text="Whether this browser had a paid booking when the hold began."),
        ),
        migrations.AddField(
            model_name="hold",
            name="root",
            field=models.ForeignKey(db_index=False, help_text="The first of the holds that followed each other by changing seats; empty: this one.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="successors", to="reservations.hold"),
        ),
        migrations.AlterField(
            model_name="hold",
            name="address",
            field=models.CharField(blank=True, help_text="Where it began: an IPv4 address or an IPv6 /56. Empty: held by staff.", max_length=64),
        ),
    ]
