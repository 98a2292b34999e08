import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """All tables of this app, and what its later migrations made of them, for an empty database."""

    initial = True

    replaces = [
        ("sales", "0001_initial"),
        ("sales", "0002_sales_at_devices"),
        ("sales", "0003_accepted_terms"),
        ("sales", "0004_moved_in_sales"),
        ("sales", "0005_moved_in_sales_are_checked"),
        ("sales", "0006_exchange_terms"),
        ("sales", "0007_every_currency"),
        ("sales", "0008_needs_told_with_a_sale"),
        ("sales", "0009_told_needs_are_checked"),
        ("sales", "0010_cash_rounding"),
        ("sales", "0011_cash_rounding_is_checked"),
    ]

    dependencies = [
        ("core", "0004_extensions"),
        ("houses", "0001_squashed_0017_theaters_that_close"),
        ("staff", "0001_squashed_0006_roles_by_invitation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, help_text='Empty where nobody is written to: at the counter, or once it is erased.', max_length=254)),
                ('customer', models.CharField(blank=True, db_default='', default='', help_text='The e-mail address without case and alias.', max_length=254)),
                ('payer_name', models.CharField(blank=True, db_default='', default='', help_text='The name typed on the payment page.', max_length=200)),
                ('payer_search', models.CharField(blank=True, db_default='', default='', help_text='The same without case and accents.', max_length=400)),
                ('told_needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), db_default=[], default=list, help_text='What they need, as they agreed to tell the staff with this sale.')),
                ('emptied_at', models.DateTimeField(help_text='When its personal data was erased.', null=True)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(django.db.models.functions.text.Lower('email'), name='contact_email'), models.Index(condition=models.Q(('customer', ''), _negated=True), fields=['customer'], name='contact_customer'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('email'), name='gin_trgm_ops'), name='contact_email_search'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('payer_search', name='gin_trgm_ops'), name='contact_payer_search')],
                'constraints': [models.CheckConstraint(condition=models.Q(('emptied_at', None), models.Q(('customer', ''), ('email', ''), ('payer_name', ''), ('payer_search', '')), _connector='OR'), name='contact_emptied_says_nothing', violation_error_message='A contact that was erased has no personal data.'), models.CheckConstraint(condition=models.Q(('emptied_at', None), ('told_needs', []), _connector='OR'), name='contact_emptied_needs_nothing', violation_error_message="A contact that was erased says nothing about anybody's needs.")],
            },
        ),
        migrations.CreateModel(
            name='Sale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=9, unique=True)),
                ('channel', models.CharField(choices=[('ONLINE', 'Online'), ('COUNTER', 'Counter'), ('COMP', 'Given away'), ('MOVED_IN', 'Moved in')], default='ONLINE', max_length=8)),
                ('currency', models.CharField(max_length=3)),
                ('total', models.DecimalField(decimal_places=2, max_digits=10)),
                ('language', models.CharField(db_default='en', default='en', help_text='In which it was bought: its mails and papers are written in it.', max_length=12)),
                ('terms', models.TextField(help_text='The rules for canceling as shown before payment.')),
                ('cancel_tiers', models.JSONField(db_default=[], default=list, help_text='The same as steps of minutes before the start and percent.')),
                ('exchange_minutes', models.PositiveIntegerField(help_text='Until so many minutes before the start its tickets are exchanged online; 0: never. Empty for sales that are older than this column: then what the theater says now.', null=True)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('payable_until', models.DateTimeField(help_text='Then its payment session closes.')),
                ('held_until', models.DateTimeField(help_text='Then its unpaid seats are free: some seconds after the last payment.')),
                ('refund_due', models.DecimalField(decimal_places=2, default=0, help_text='Total ever owed back; it only grows.', max_digits=10)),
                ('fees_kept', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='Total ever kept of canceled tickets; it only grows.', max_digits=10)),
                ('goodwill', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='Part of what is owed back for which no ticket became void; it only grows.', max_digits=10)),
                ('frozen_at', models.DateTimeField(help_text='Its money is disputed: the tickets open no door meanwhile.', null=True)),
                ('checking_since', models.DateTimeField(help_text='Whether its money came is not known yet: its provider did not tell, or the bank has not decided.', null=True)),
                ('link_version', models.PositiveSmallIntegerField(default=1)),
                ('link_nonce', models.CharField(db_default=models.Func(output_field=models.CharField(), template='md5(gen_random_uuid()::text || gen_random_uuid()::text)'), help_text='New with every version of the link.', max_length=32)),
                ('link_renewed_at', models.DateTimeField(null=True)),
                ('comp_reason', models.CharField(blank=True, db_default='', help_text='Why staff gave these tickets away; empty for sold ones.', max_length=200)),
                ('override_reason', models.CharField(blank=True, db_default='', help_text='Why staff broke a rule of the house to sell it.', max_length=200)),
                ('paid_with', models.CharField(blank=True, choices=[('CASH', 'Cash'), ('TERMINAL', 'Card at the counter')], db_default='', max_length=8)),
                ('cash_rounding', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of the total, or less, when it was paid in cash: no price and no tax.', max_digits=10)),
                ('paid_out', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What of it was given back at the counter; it only grows.', max_digits=10)),
                ('changed_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), help_text='When it last owed more, or less was known.')),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sale', to='sales.contact')),
                ('device', models.ForeignKey(db_index=False, help_text='At which device it was sold; empty: signed in without one, or online.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.device')),
                ('operator', models.ForeignKey(db_index=False, help_text='Who of the staff sold it at the counter; empty for online sales.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('terms_text', models.ForeignKey(help_text='The terms of the house that were accepted at Pay; empty for what was sold at the counter.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.pagetext')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales', to='houses.theater')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sales', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('channel', 'ONLINE'), ('comp_reason', ''), ('operator', None)), models.Q(('channel', 'COUNTER'), ('comp_reason', ''), ('operator__isnull', False)), models.Q(('channel', 'COMP'), models.Q(('comp_reason', ''), _negated=True)), models.Q(('channel', 'MOVED_IN'), ('comp_reason', ''), ('operator', None)), _connector='OR'), name='sale_channel', violation_error_message='What is sold at the counter has an operator, what is given away has a reason.'), models.CheckConstraint(condition=models.Q(('device', None), ('operator__isnull', False), _connector='OR'), name='sale_device_has_an_operator', violation_error_message='On a device somebody sells.'), models.CheckConstraint(condition=models.Q(('override_reason', ''), ('operator__isnull', False), _connector='OR'), name='sale_overrides_have_an_operator', violation_error_message='A rule is overridden by somebody at the counter.'), models.CheckConstraint(condition=models.Q(('comp_reason', ''), ('total', 0), _connector='OR'), name='sale_comp_costs_nothing', violation_error_message='A booking that is given away costs nothing.'), models.CheckConstraint(condition=models.Q(('total__gte', 0), ('refund_due__gte', 0)), name='sale_amounts_not_negative', violation_error_message='Amounts are 0 or more.'), models.CheckConstraint(condition=models.Q(('paid_with', ''), models.Q(('operator__isnull', False), ('total__gt', 0)), _connector='OR'), name='sale_paid_at_the_counter', violation_error_message='What is paid at the counter has an operator and a total.'), models.CheckConstraint(condition=models.Q(('cash_rounding', 0), ('paid_with', 'CASH'), _connector='OR'), name='sale_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins.'), models.CheckConstraint(condition=models.Q(('paid_out__gte', 0), ('paid_out__lte', models.F('refund_due'))), name='sale_paid_out_was_owed', violation_error_message='No more is paid out than is owed.'), models.CheckConstraint(condition=models.Q(('fees_kept__gte', 0), ('goodwill__gte', 0)), name='sale_kept_and_goodwill_not_negative', violation_error_message='Fees that are kept and goodwill are 0 or more.'), models.CheckConstraint(condition=models.Q(('held_until__gte', models.F('payable_until'))), name='sale_held_until_nobody_can_pay', violation_error_message='Seats are held until nobody can pay for them any more.')],
            },
        ),

    ]
