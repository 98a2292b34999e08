from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes and reads none of the columns: its entries ask for no aisle and no exit. A reason for a skip
    that it does not know it calls by its general sentence.
    """

    dependencies = [
        ('reservations', '0041_holds_say_their_group'),
    ]

    operations = [
        migrations.AddField(
            model_name='waitingentry',
            name='has_dog',
            field=models.BooleanField(db_default=False, default=False, help_text='An assistance dog comes with them: one seat is beside an aisle.'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='has_transfer',
            field=models.BooleanField(db_default=False, default=False, help_text='Somebody changes from a wheelchair to a seat: one beside an aisle, whose armrest lifts where any is known to.'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='is_beside_aisle',
            field=models.BooleanField(db_default=False, default=False, help_text='Only seats of which one is beside an aisle.'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='is_near_exit',
            field=models.BooleanField(db_default=False, default=False, help_text='Only seats in rows near an exit.'),
        ),
        migrations.AlterField(
            model_name='seatoffer',
            name='end',
            field=models.CharField(blank=True, choices=[('TAKEN', 'Took them'), ('PASSED', 'Passed on'), ('RAN_OUT', 'Ran out')], db_default='', default='', max_length=8),
        ),
        migrations.AlterField(
            model_name='waitingentry',
            name='status',
            field=models.CharField(choices=[('ASKED', 'Address not confirmed'), ('WAITING', 'Waiting'), ('OFFERED', 'Tickets are held for them'), ('TOOK', 'Took them'), ('MISSED', 'Did not take them in time'), ('LEFT', 'Left the list'), ('OVER', 'The list is over')], default='ASKED', max_length=8),
        ),
        migrations.AlterField(
            model_name='waitingskip',
            name='reason',
            field=models.CharField(choices=[('TOO_FEW', 'too few seats were free'), ('APART', 'the free seats were not side by side'), ('PASSED', 'the free seats were those they had passed on'), ('SHARE', 'their internet connection had its share of the seats'), ('STEPS', 'the free seats had steps on the way'), ('LOOP', 'the free seats had no hearing loop'), ('TRANSFER', 'at none of the free seats could they change from a wheelchair'), ('DOG', 'the free seats had no room for a dog'), ('AISLE', 'none of the free seats was beside an aisle'), ('ARMREST', 'no armrest of the free seats lifted'), ('EXIT', 'the free seats were not near an exit'), ('NEEDS', 'the free seats lacked several things that they need')], max_length=12),
        ),
    ]
