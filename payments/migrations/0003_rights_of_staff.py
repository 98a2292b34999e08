from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_amounts_are_frozen'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='payment',
            options={'ordering': ['-pk'], 'permissions': [('refund_payment', "Can give money back, up to the theater's limit"), ('approve_refund', 'Can approve a refund above the limit that somebody else asked for'), ('retry_refund', 'Can try a failed refund again')]},
        ),
    ]
