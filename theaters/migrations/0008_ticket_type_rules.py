import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    """The five types of each theater stay with their codes; from here on they are rows of an open list, with rules."""

    dependencies = [
        ('houses', '0004_texts_are_frozen'),
        ('theaters', "0007_index_of_series"),
    ]

    operations = [
        migrations.AddField(
            model_name='priceversion',
            name='rules',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='archived_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='channel',
            field=models.CharField(blank=True, choices=[('ONLINE', 'Only online'), ('COUNTER', 'Only at the counter')], db_default='', default='', max_length=8, verbose_name='sold'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='derived_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='−2 takes two off.', max_digits=10, null=True, verbose_name='added to its price'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='derived_from',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Where a price list has no price of this type, it is made from that of another type.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='derived_types', to='theaters.tickettype'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='derived_percent',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='80: a fifth less than the other type.', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(300)], verbose_name='percent of its price'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='last_on',
            field=models.DateField(blank=True, help_text='Sold for showtimes until this day; it still counts.', null=True, verbose_name='last day'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='least',
            field=models.SmallIntegerField(blank=True, help_text='Tickets of this type. Empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='at least per booking'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='most',
            field=models.SmallIntegerField(blank=True, help_text='Tickets of this type. Empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='at most per booking'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='needs_code',
            field=models.BooleanField(db_default=False, default=False, help_text='Offered once a promo code is typed that names this type.', verbose_name='only with a promo code'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='people',
            field=models.SmallIntegerField(db_default=1, default=1, help_text='A family ticket for 4 has one price and is chosen for four seats: each gets a ticket and its share.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='counts as so many people'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='round_to',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Half up, to a multiple of this: 0.50. Empty: to the smallest coin.', max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='rounded to'),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='translations',
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='tickettype',
            name='weekdays',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')]), blank=True, db_default=[], default=list, help_text="The business day's: a 00:30 show is the evening before. None ticked: every day."),
        ),
        migrations.AlterField(
            model_name='tickettype',
            name='code',
            field=models.CharField(help_text='A short name for files and links, such as FAMILY. It stays for ever.', max_length=10),
        ),
        migrations.AlterField(
            model_name='tickettype',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, help_text='The lowest comes first.'),
        ),
        AddConstraintNotValid(
            model_name='tickettype',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('derived_amount', None), ('derived_from', None), ('derived_percent', None)), models.Q(('derived_amount', None), ('derived_from__isnull', False), ('derived_percent__isnull', False)), models.Q(('derived_amount__isnull', False), ('derived_from__isnull', False), ('derived_percent', None)), _connector='OR'), name='ticket_type_derived_in_one_way', violation_error_message='A derived price is a percentage of the other price, or an amount added to it.'),
        ),
        AddConstraintNotValid(
            model_name='tickettype',
            constraint=models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='ticket_type_counts_somebody', violation_error_message='A ticket type counts as one person or more.'),
        ),
    ]
