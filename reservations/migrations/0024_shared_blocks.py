import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Seats that an organizer holds for friends who pay alone."""

    dependencies = [
        ('reservations', '0023_ticket_category_name'),
        ('theaters', '0017_texts_in_languages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SharedBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='The secret of the link for the friends.', max_length=43, unique=True)),
                ('name', models.CharField(help_text="The organizer's first name: friends see it.", max_length=30)),
                ('holder', models.CharField(help_text="The organizer's browser: SHA-256 of its cookie.", max_length=64)),
                ('customer', models.CharField(help_text="The organizer's address, as limits compare it.", max_length=254)),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=49), help_text='All of its seats at the start.')),
                ('made_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('hold', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='kept_for_friends', to='reservations.hold')),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_blocks', to='theaters.showtime')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shared_blocks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Friend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(help_text="SHA-256 of the browser's cookie.", max_length=64)),
                ('name', models.CharField(max_length=30)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='friends', to='reservations.sharedblock')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='hold',
            name='shared_block',
            field=models.ForeignKey(db_index=False, help_text='A friend took its seats from this block, and it ends with it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='friends_holds', to='reservations.sharedblock'),
        ),
        migrations.AddIndex(
            model_name='sharedblock',
            index=models.Index(fields=['holder', 'showtime'], name='sharedblock_of_browser'),
        ),
        migrations.AddIndex(
            model_name='sharedblock',
            index=models.Index(fields=['customer'], name='sharedblock_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='friend',
            constraint=models.UniqueConstraint(fields=('block', 'holder'), name='friend_once_per_block'),
        ),
        migrations.AddConstraint(
            model_name='friend',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='friend_has_a_name', violation_error_message='Somebody who takes seats of a shared block says a first name.'),
        ),
    ]
