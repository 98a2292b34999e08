import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0019_addresses_may_be_forgotten'),
    ]

    operations = [
        migrations.AddField(
            model_name='payment',
            name='card_last4',
            field=models.CharField(blank=True, db_default='', default='', help_text='The last four digits of the card that paid.', max_length=4),
        ),
        migrations.AddField(
            model_name='payment',
            name='payer_name',
            field=models.CharField(blank=True, db_default='', default='', help_text="The name typed on Stripe's payment page.", max_length=200),
        ),
        migrations.AddField(
            model_name='payment',
            name='payer_search',
            field=models.CharField(blank=True, db_default='', default='', help_text='The same without case and accents.', max_length=400),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('card_last4', ''), _negated=True), fields=['card_last4'], name='payment_by_last4'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('payer_search', name='gin_trgm_ops'), name='payment_name_search'),
        ),
    ]
