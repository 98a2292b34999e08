from django.db import migrations

FREEZE = """
CREATE TRIGGER page_text_frozen BEFORE UPDATE OR DELETE ON houses_pagetext
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER page_text_never_emptied BEFORE TRUNCATE ON houses_pagetext
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
"""
THAW = """
DROP TRIGGER page_text_never_emptied ON houses_pagetext;
DROP TRIGGER page_text_frozen ON houses_pagetext;
"""


class Migration(migrations.Migration):
    """What a customer accepted stays as it was."""

    dependencies = [("houses", "0003_no_single_seats"), ("core", "0002_frozen_rows")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
