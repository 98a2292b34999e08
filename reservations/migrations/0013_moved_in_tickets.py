import django.db.models.deletion
from django.db import migrations, models


ONLY_GROWS = """
CREATE TRIGGER moved_in_append_only BEFORE DELETE OR UPDATE ON reservations_movedinticket
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER moved_in_never_emptied BEFORE TRUNCATE ON reservations_movedinticket
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
"""
MAY_CHANGE = """
DROP TRIGGER moved_in_never_emptied ON reservations_movedinticket;
DROP TRIGGER moved_in_append_only ON reservations_movedinticket;
"""


class Migration(migrations.Migration):
    """The barcodes of tickets that another system sold. They only grow."""

    dependencies = [
        ('houses', '0004_texts_are_frozen'),
        ('reservations', '0012_index_of_places'),
    ]

    operations = [
        migrations.CreateModel(
            name='MovedInTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('barcode', models.CharField(max_length=120)),
                ('code', models.CharField(max_length=32)),
                ('order_number', models.CharField(blank=True, db_default='', default='', help_text="The other system's number of the order.", max_length=60)),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.theater')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='moved_in', to='reservations.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'permissions': [('move_tickets_in', 'Can move tickets in that another system sold')],
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('order_number', ''), _negated=True), fields=['theater', 'order_number'], name='moved_in_order_number')],
                'constraints': [models.UniqueConstraint(fields=('theater', 'barcode'), name='moved_in_barcode_once', violation_error_message='A ticket with this barcode was moved in already.'), models.CheckConstraint(condition=models.Q(('barcode', ''), _negated=True), name='moved_in_has_a_barcode', violation_error_message='A ticket that is moved in has a barcode.')],
            },
        ),
        migrations.RunSQL(ONLY_GROWS, MAY_CHANGE),
    ]
