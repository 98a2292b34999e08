from django.db import migrations, models


class Migration(migrations.Migration):
    """A restored database gives numbers of papers in a new series."""

    dependencies = [
        ('reservations', '0028_links_that_do_not_repeat'),
        ('theaters', '0015_published_plans_stay'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='paper',
            name='paper_number_once',
        ),
        migrations.RemoveConstraint(
            model_name='papercounter',
            name='paper_counter_once',
        ),
        migrations.AddField(
            model_name='paper',
            name='series',
            field=models.CharField(blank=True, db_default='', default='', help_text='When the database was last restored (UTC: year, month, day, hour, minute); empty if never.', max_length=10),
        ),
        migrations.AddField(
            model_name='papercounter',
            name='series',
            field=models.CharField(blank=True, db_default='', default='', help_text='When the database was last restored (UTC: year, month, day, hour, minute); empty if never.', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('theater', 'kind', 'series', 'number'), name='paper_number_once'),
        ),
        migrations.AddConstraint(
            model_name='papercounter',
            constraint=models.UniqueConstraint(fields=('theater', 'kind', 'series'), name='paper_counter_once'),
        ),
    ]
