from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """btree_gist: no two showtimes overlap in an auditorium. pg_trgm: staff find bookings by part of an address."""

    initial = True

    dependencies = []

    operations = [BtreeGistExtension(), TrigramExtension()]
