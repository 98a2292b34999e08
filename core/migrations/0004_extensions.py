from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """btree_gist: no two showtimes overlap in an auditorium. pg_trgm: staff find sales by part of an address."""

    dependencies = [("core", "0003_installation")]

    operations = [BtreeGistExtension(), TrigramExtension()]
