import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

PAYMENTS = """
CREATE FUNCTION marquee_payment_request_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.request <> '{}'::jsonb OR OLD.ended_at IS NULL OR OLD.ended_at > clock_timestamp() - interval '2 days' THEN
        RAISE EXCEPTION 'request of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payment_frozen BEFORE UPDATE OF id, sale_id, key, amount, currency, provider, session_id, provider_id
    ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'sale_id', 'key', 'amount', 'currency', 'provider',
        'session_id?', 'provider_id?');
CREATE TRIGGER payment_captured_frozen BEFORE UPDATE OF id, captured, captured_currency ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'captured?', 'captured_currency?');
CREATE TRIGGER payment_counter_frozen BEFORE UPDATE OF method, operator_id, tendered ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('method', 'operator_id', 'tendered');
CREATE TRIGGER payment_request_frozen BEFORE UPDATE OF request ON payments_payment
    FOR EACH ROW WHEN (NEW.request IS DISTINCT FROM OLD.request) EXECUTE FUNCTION marquee_payment_request_frozen();
"""
PAYMENTS_UNDONE = """
DROP TRIGGER payment_frozen ON payments_payment;
DROP TRIGGER payment_captured_frozen ON payments_payment;
DROP TRIGGER payment_counter_frozen ON payments_payment;
DROP TRIGGER payment_request_frozen ON payments_payment;
DROP FUNCTION marquee_payment_request_frozen();
"""
REFUNDS = """
CREATE FUNCTION marquee_refund_method_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.method = 'ONLINE' OR NEW.method = 'ONLINE' OR OLD.status <> 'REQUESTED' THEN
        RAISE EXCEPTION 'method of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_frozen BEFORE UPDATE OF id, payment_id, key, amount, currency, reason, provider, provider_id
    ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'payment_id', 'key', 'amount', 'currency', 'reason',
        'provider', 'provider_id?');
CREATE TRIGGER refund_operator_frozen BEFORE UPDATE OF operator_id ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('operator_id?');
CREATE TRIGGER refund_method_frozen BEFORE UPDATE OF method ON payments_refund
    FOR EACH ROW WHEN (NEW.method IS DISTINCT FROM OLD.method) EXECUTE FUNCTION marquee_refund_method_frozen();
"""
REFUNDS_UNDONE = """
DROP TRIGGER refund_frozen ON payments_refund;
DROP TRIGGER refund_operator_frozen ON payments_refund;
DROP TRIGGER refund_method_frozen ON payments_refund;
DROP FUNCTION marquee_refund_method_frozen();
"""
DISPUTES = """
CREATE TRIGGER dispute_frozen BEFORE UPDATE OF id, payment_id, provider_id, amount, currency, provider
    ON payments_dispute
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'payment_id', 'provider_id', 'amount', 'currency',
        'provider');
"""
DISPUTES_UNDONE = """
DROP TRIGGER dispute_frozen ON payments_dispute;
"""
CHECKS = """
CREATE FUNCTION marquee_keep_findings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL THEN
        RAISE EXCEPTION 'check % has ended', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER check_frozen BEFORE UPDATE OF id, asked_at, actor ON payments_invariantrun
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'asked_at', 'actor');
CREATE TRIGGER findings_frozen BEFORE UPDATE OF finished_at, milliseconds, checked, broken, findings
    ON payments_invariantrun
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_findings();
"""
CHECKS_UNDONE = """
DROP TRIGGER check_frozen ON payments_invariantrun;
DROP TRIGGER findings_frozen ON payments_invariantrun;
DROP FUNCTION marquee_keep_findings();
"""
DRAWERS_FROZEN = """
CREATE TRIGGER payment_drawer_frozen BEFORE UPDATE OF device_id ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('device_id');
CREATE FUNCTION marquee_refund_drawer_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'REQUESTED' THEN
        RAISE EXCEPTION 'device_id of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_drawer_frozen BEFORE UPDATE OF device_id ON payments_refund
    FOR EACH ROW WHEN (NEW.device_id IS DISTINCT FROM OLD.device_id) EXECUTE FUNCTION marquee_refund_drawer_frozen();
"""
DRAWERS_UNDONE = """
DROP TRIGGER payment_drawer_frozen ON payments_payment;
DROP TRIGGER refund_drawer_frozen ON payments_refund;
DROP FUNCTION marquee_refund_drawer_frozen();
"""
EXCHANGES_FROZEN = """
CREATE TRIGGER payment_exchange_frozen BEFORE UPDATE OF exchange_id ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('exchange_id');
"""
EXCHANGES_UNDONE = "DROP TRIGGER payment_exchange_frozen ON payments_payment;"
ROUNDING_FROZEN = """
CREATE TRIGGER payment_rounding_frozen BEFORE UPDATE OF rounding ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('rounding');
CREATE FUNCTION marquee_refund_rounding_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rounding of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER refund_rounding_frozen BEFORE UPDATE OF rounding ON payments_refund
    FOR EACH ROW WHEN (NEW.rounding <> OLD.rounding AND OLD.status <> 'REQUESTED')
    EXECUTE FUNCTION marquee_refund_rounding_frozen();
"""
ROUNDING_UNDONE = """
DROP TRIGGER payment_rounding_frozen ON payments_payment;
DROP TRIGGER refund_rounding_frozen ON payments_refund;
DROP FUNCTION marquee_refund_rounding_frozen();
"""


class Migration(migrations.Migration):
    """All tables of this app, and what its later migrations made of them, for an empty database."""

    initial = True

    replaces = [
        ("payments", "0001_initial"),
        ("payments", "0002_frozen_rows"),
        ("payments", "0003_approve_void"),
        ("payments", "0004_drawers_are_devices"),
        ("payments", "0005_retention_runs"),
        ("payments", "0006_moved_in_money"),
        ("payments", "0007_moved_in_money_is_checked"),
        ("payments", "0008_exchanges"),
        ("payments", "0009_bank_references"),
        ("payments", "0010_cash_rounding"),
        ("payments", "0011_cash_rounding_is_checked"),
    ]

    dependencies = [
        ("core", "0002_frozen_rows"),
        ("reservations", "0001_squashed_0048_coins_of_voids_checked"),
        ("sales", "0001_squashed_0011_cash_rounding_is_checked"),
        ("staff", "0001_squashed_0006_roles_by_invitation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SetAsideCause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(help_text='The kind of the delivery, and of the error.', max_length=160, unique=True)),
                ('says', models.CharField(help_text='The newest error in words.', max_length=200)),
                ('first_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('last_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('tell_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('told_at', models.DateTimeField(help_text='When the mail to staff went out.', null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='InvariantRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('actor', models.CharField(help_text='The schedule, or who asked for it.', max_length=60)),
                ('finished_at', models.DateTimeField(null=True)),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('checked', models.PositiveSmallIntegerField(default=0, help_text='How many rules.')),
                ('broken', models.PositiveSmallIntegerField(default=0, help_text='How many of them found something.')),
                ('findings', models.JSONField(default=list, help_text='Name, sentence and first rows of each broken rule.')),
                ('tell_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('told_at', models.DateTimeField(help_text='When the mail to staff went out.', null=True)),
            ],
            options={
                'verbose_name': 'check of seats and money',
                'verbose_name_plural': 'checks of seats and money',
                'ordering': ['-pk'],
                'permissions': [('run_invariants', 'Can check now whether seats and money add up')],
                'default_permissions': ['view'],
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('finished_at', None)), name='invariants_one_waiting_run', violation_error_message='A check waits already.'), models.CheckConstraint(condition=models.Q(('finished_at__isnull', False), models.Q(('broken', 0), ('checked', 0), ('findings', []), ('told_at', None)), _connector='OR'), name='invariants_found_when_finished', violation_error_message='A check that is not finished has found nothing yet.'), models.CheckConstraint(condition=models.Q(('broken__lte', models.F('checked'))), name='invariants_broken_were_checked', violation_error_message='No more rules are broken than were checked.'), models.CheckConstraint(condition=models.Q(('told_at', None), ('broken__gt', 0), _connector='OR'), name='invariants_told_of_something', violation_error_message='Staff are told of a check that found something.')],
            },
        ),
        migrations.CreateModel(
            name='KeyRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(help_text='Who collects this money: the name of a payment provider.', max_length=20)),
                ('right', models.CharField(max_length=80)),
                ('says', models.CharField(help_text="The provider's words.", max_length=500)),
                ('first_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('last_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('tell_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('told_at', models.DateTimeField(help_text='When the mail to staff went out.', null=True)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('provider', 'right'), name='key_refusal_once')],
            },
        ),
        migrations.CreateModel(
            name='LedgerComparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('actor', models.CharField(help_text='The schedule, or who asked for it.', max_length=60)),
                ('since', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('error', models.CharField(blank=True, db_default='', help_text='Why a provider could not be asked.', max_length=200)),
                ('finished_at', models.DateTimeField(null=True)),
                ('mended', models.JSONField(default=list, help_text='What differed and agrees now.')),
                ('left', models.JSONField(default=list, help_text='What still differs.')),
                ('differences', models.PositiveIntegerField(default=0, help_text='How many are left.')),
                ('tell_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('told_at', models.DateTimeField(help_text='When the mail to staff went out.', null=True)),
            ],
            options={
                'verbose_name': 'comparison of books',
                'verbose_name_plural': 'comparisons of books',
                'ordering': ['-pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('finished_at', None)), name='comparison_one_waiting', violation_error_message='A comparison waits already.'), models.CheckConstraint(condition=models.Q(models.Q(('differences', 0), ('finished_at', None), ('left', []), ('mended', []), ('told_at', None)), models.Q(('error', ''), ('finished_at__isnull', False), ('since__isnull', False), ('until__isnull', False)), _connector='OR'), name='comparison_found_when_finished', violation_error_message='A comparison that is finished says of which time, and one that waits has found nothing.'), models.CheckConstraint(condition=models.Q(('told_at', None), ('differences__gt', 0), _connector='OR'), name='comparison_told_of_something', violation_error_message='Staff are told of a comparison that left something.')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('CREATED', 'Created'), ('OPEN', 'Open'), ('SUCCEEDED', 'Succeeded'), ('FAILED', 'Failed'), ('CLOSED', 'Closed'), ('DISPUTED', 'Disputed')], default='CREATED', max_length=10)),
                ('provider', models.CharField(help_text='Who collects this money: the name of a payment provider.', max_length=20)),
                ('method', models.CharField(choices=[('ONLINE', 'Card online'), ('CASH', 'Cash'), ('TERMINAL', 'Card at the counter'), ('MOVED_IN', 'Moved in')], db_default='ONLINE', default='ONLINE', max_length=8)),
                ('tendered', models.DecimalField(decimal_places=2, help_text='The cash that was handed over; empty: exactly enough.', max_digits=10, null=True)),
                ('rounding', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of it, or less: of cash alone, no price and no tax.', max_digits=10)),
                ('key', models.CharField(max_length=32, unique=True)),
                ('request', models.JSONField(help_text='The exact parameters sent; a repeat sends them again.')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10)),
                ('currency', models.CharField(max_length=3)),
                ('captured', models.DecimalField(decimal_places=2, help_text='What really came; empty: the amount.', max_digits=10, null=True)),
                ('captured_currency', models.CharField(max_length=3, null=True)),
                ('session_id', models.CharField(help_text="The provider's id of the payment session.", max_length=200, null=True)),
                ('provider_id', models.CharField(help_text="The provider's id of it.", max_length=200, null=True)),
                ('session_url', models.URLField(blank=True, max_length=2000)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('address', models.CharField(blank=True, db_default='', default='', help_text='Where Pay was pressed: an IPv4 address or an IPv6 /56; empty at the counter, or forgotten.', max_length=64)),
                ('declines', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How often a card was declined in its payment session.')),
                ('declined_at', models.DateTimeField(help_text='When the last of these declines was seen.', null=True)),
                ('card', models.CharField(blank=True, db_default='', default='', help_text='A fingerprint of the card that paid, by its provider.', max_length=64)),
                ('card_last4', models.CharField(blank=True, db_default='', default='', help_text='The last four digits of the card that paid.', max_length=4)),
                ('card_noted_at', models.DateTimeField(help_text='When its provider was asked which card paid.', null=True)),
                ('look_at', models.DateTimeField(help_text='When a sweep asks its provider about it next.')),
                ('looks', models.PositiveIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('device', models.ForeignKey(db_index=False, help_text="Into which device's drawer it went; empty: of people signed in without one.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.device')),
                ('exchange', models.ForeignKey(db_index=False, help_text='Whose difference it pays; empty: it pays the sale.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='reservations.exchange')),
                ('operator', models.ForeignKey(db_index=False, help_text='Who took it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sale', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='sales.sale')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('refund_payment', "Can give money back, up to the theater's limit"), ('approve_refund', 'Can approve a refund above the limit that somebody else asked for'), ('retry_refund', 'Can try a failed refund again'), ('pay_out', 'Can pay money out at the counter'), ('approve_void', 'Can approve at the counter that somebody else voids a sale above the limit'), ('export_ledger', 'Can take sales and money out as a file for accounting')],
                'indexes': [models.Index(condition=models.Q(('status__in', ('CREATED', 'OPEN'))), fields=['look_at'], name='payment_due'), models.Index(condition=models.Q(('address', ''), _negated=True), fields=['address', 'created_at'], name='payment_by_address'), models.Index(condition=models.Q(('card_noted_at', None), ('method', 'ONLINE'), ('status', 'SUCCEEDED')), fields=['ended_at'], name='payment_card_unknown'), models.Index(condition=models.Q(('card', ''), _negated=True), fields=['card'], name='payment_by_card'), models.Index(condition=models.Q(('card_last4', ''), _negated=True), fields=['card_last4'], name='payment_by_last4')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('CREATED',)), _negated=True), models.Q(('captured__isnull', True), ('captured_currency__isnull', True), ('provider_id__isnull', True), ('ended_at__isnull', True), ('session_id__isnull', True), ('session_url', '')), _connector='OR'), name='payment_status_created', violation_error_message='A payment that its provider has not answered to has no payment session, no money and no end.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('OPEN',)), _negated=True), models.Q(('captured__isnull', True), ('captured_currency__isnull', True), ('provider_id__isnull', True), ('session_id__isnull', False), models.Q(('session_url', ''), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='payment_status_open', violation_error_message='An open payment has a payment session with an address, no money and no end.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('FAILED', 'CLOSED')), _negated=True), models.Q(('captured__isnull', True), ('captured_currency__isnull', True), ('provider_id__isnull', True), ('ended_at__isnull', False)), _connector='OR'), name='payment_status_ended', violation_error_message='A payment that failed or was closed says when, and has no money.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('SUCCEEDED', 'DISPUTED')), _negated=True), models.Q(('captured__isnull', False), ('captured_currency__isnull', False), ('ended_at__isnull', False), models.Q(('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), models.Q(('provider_id__isnull', False), ('session_id__isnull', False)), _connector='OR')), _connector='OR'), name='payment_status_captured', violation_error_message='A payment that succeeded says when, how much came in which currency and, online, by which payment session.'), models.CheckConstraint(condition=models.Q(('status__in', ['CREATED', 'OPEN', 'SUCCEEDED', 'FAILED', 'CLOSED', 'DISPUTED'])), name='payment_status_known', violation_error_message='There is no such status.'), models.UniqueConstraint(condition=models.Q(('status__in', ('CREATED', 'OPEN'))), fields=('sale',), name='payment_one_open_per_sale', violation_error_message='A payment of this sale is open already.'), models.UniqueConstraint(fields=('provider', 'session_id'), name='payment_session_once'), models.UniqueConstraint(fields=('provider', 'provider_id'), name='payment_provider_id_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount_positive', violation_error_message='A payment is more than 0.'), models.CheckConstraint(condition=models.Q(('device', None), ('operator__isnull', False), _connector='OR'), name='payment_device_has_an_operator', violation_error_message='A payment at a device was taken by its operator.'), models.CheckConstraint(condition=models.Q(models.Q(('method', 'ONLINE'), ('operator', None), models.Q(('provider__in', ['', 'counter', 'moved in']), _negated=True)), models.Q(models.Q(models.Q(('method__in', ('CASH', 'TERMINAL')), ('operator__isnull', False), ('provider', 'counter')), models.Q(('method', 'MOVED_IN'), ('operator', None), ('provider', 'moved in')), _connector='OR'), ('captured', models.F('amount')), ('captured__isnull', False), ('captured_currency', models.F('currency')), ('captured_currency__isnull', False), ('ended_at__isnull', False), ('provider_id', None), ('session_id', None), ('session_url', ''), ('status', 'SUCCEEDED')), _connector='OR'), name='payment_online_or_of_the_counter', violation_error_message='A payment is online and without an operator, taken whole at the counter by one, or taken whole by another system before.'), models.CheckConstraint(condition=models.Q(('tendered', None), models.Q(('method', 'CASH'), ('tendered__gte', django.db.models.expressions.CombinedExpression(models.F('amount'), '+', models.F('rounding')))), _connector='OR'), name='payment_tendered_is_cash_and_enough', violation_error_message='What is tendered is cash, and enough.'), models.CheckConstraint(condition=models.Q(('rounding', 0), ('method', 'CASH'), _connector='OR'), name='payment_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins.')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('NEW', 'New: told of'), ('INQUIRY', 'Inquiry: the bank asks, no money moves'), ('OPEN', 'Open: the bank holds the money'), ('WON', 'Won'), ('LOST', 'Lost'), ('CLOSED', 'Closed without a dispute')], default='NEW', max_length=8)),
                ('provider', models.CharField(help_text='Who collects this money: the name of a payment provider.', max_length=20)),
                ('provider_id', models.CharField(help_text="The provider's id of it.", max_length=200)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10)),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(help_text="The bank's word for it.", max_length=60)),
                ('answer_by', models.DateTimeField(help_text='Evidence is accepted until then.', null=True)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('ended_at', models.DateTimeField(null=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.payment')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('NEW', 'INQUIRY', 'OPEN')), _negated=True), ('ended_at__isnull', True), _connector='OR'), name='dispute_status_undecided', violation_error_message='A dispute that is not decided has no end.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('WON', 'LOST', 'CLOSED')), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='dispute_status_decided', violation_error_message='A dispute that is decided says when.'), models.CheckConstraint(condition=models.Q(('status__in', ['NEW', 'INQUIRY', 'OPEN', 'WON', 'LOST', 'CLOSED'])), name='dispute_status_known', violation_error_message='There is no such status.'), models.UniqueConstraint(fields=('provider', 'provider_id'), name='dispute_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='dispute_amount_positive', violation_error_message='A dispute is about more than 0.')],
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(help_text='Who collects this money: the name of a payment provider.', max_length=20)),
                ('provider_id', models.CharField(help_text="The provider's id of it.", max_length=200)),
                ('kind', models.CharField(max_length=80)),
                ('payload', models.JSONField()),
                ('payment_key', models.CharField(blank=True, db_default='', help_text='The key of the payment that it names; empty: none.', max_length=200)),
                ('object_id', models.CharField(blank=True, db_default='', help_text='What it is about.', max_length=200)),
                ('provider_payment_id', models.CharField(blank=True, db_default='', help_text="The money that it is about, by the provider's id.", max_length=200)),
                ('says_paid', models.BooleanField(db_default=False, help_text='Whether it says that this payment was paid.')),
                ('received_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('failures', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('set_aside_at', models.DateTimeField(help_text='When it had failed too often to be tried by itself.', null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('replay_providerevent', 'Can decide about a delivery of a payment provider that was set aside')],
                'indexes': [models.Index(condition=models.Q(('payment_key', ''), _negated=True), fields=['payment_key'], name='event_by_payment_key'), models.Index(condition=models.Q(('done_at__isnull', True)), fields=['try_at'], name='event_due'), models.Index(condition=models.Q(('done_at__isnull', True), ('set_aside_at__isnull', False)), fields=['set_aside_at'], name='event_set_aside')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'provider_id'), name='event_once'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('set_aside_at', None)), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='event_ended_with_an_outcome', violation_error_message='A delivery that was acted on or set aside says what came of it.')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('REQUESTED', 'Requested'), ('SUBMITTED', 'Submitted'), ('PENDING', 'Pending'), ('SUCCEEDED', 'Succeeded'), ('FAILED', 'Failed')], default='REQUESTED', max_length=10)),
                ('provider', models.CharField(help_text='Who collects this money: the name of a payment provider.', max_length=20)),
                ('method', models.CharField(choices=[('ONLINE', 'Card online'), ('CASH', 'Cash'), ('TERMINAL', 'Card at the counter'), ('MOVED_IN', 'Moved in')], db_default='ONLINE', default='ONLINE', help_text='How it goes back. At the counter cash may become a card, and the other way round, until it is paid out.', max_length=8)),
                ('key', models.CharField(max_length=32, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10)),
                ('rounding', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of it, or less, when it was handed out in cash.', max_digits=10)),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.CharField(max_length=120)),
                ('provider_id', models.CharField(help_text="The provider's id of it.", max_length=200, null=True)),
                ('bank_reference', models.CharField(blank=True, db_default='', default='', help_text="By which the customer's bank finds it (ARN).", max_length=64)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('look_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('looks', models.PositiveIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('device', models.ForeignKey(db_index=False, help_text="Out of which device's drawer it came; empty: of people signed in without one.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.device')),
                ('operator', models.ForeignKey(db_index=False, help_text='Who paid it out.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.payment')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['REQUESTED', 'SUBMITTED', 'PENDING'])), fields=['look_at'], name='refund_due'), models.Index(condition=models.Q(('method__in', ('CASH', 'TERMINAL')), ('status', 'REQUESTED')), fields=['created_at'], name='refund_waiting_at_counter')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('REQUESTED', 'SUBMITTED')), _negated=True), models.Q(('ended_at__isnull', True), ('provider_id__isnull', True)), _connector='OR'), name='refund_status_unsent', violation_error_message='A refund that its provider has not answered to has no id there and no end.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('PENDING',)), _negated=True), models.Q(('provider_id__isnull', False), ('ended_at__isnull', True)), _connector='OR'), name='refund_status_pending', violation_error_message='A pending refund has its id at the provider and no end.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('SUCCEEDED',)), _negated=True), models.Q(('ended_at__isnull', False), models.Q(('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), ('provider_id__isnull', False), _connector='OR')), _connector='OR'), name='refund_status_succeeded', violation_error_message='A refund that succeeded says when and, online, has its id at the provider.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('FAILED',)), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='refund_status_failed', violation_error_message='A refund that failed says when.'), models.CheckConstraint(condition=models.Q(('status__in', ['REQUESTED', 'SUBMITTED', 'PENDING', 'SUCCEEDED', 'FAILED'])), name='refund_status_known', violation_error_message='There is no such status.'), models.UniqueConstraint(fields=('provider', 'provider_id'), name='refund_provider_id_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_positive', violation_error_message='A refund is more than 0.'), models.CheckConstraint(condition=models.Q(('device', None), ('operator__isnull', False), _connector='OR'), name='refund_device_has_an_operator', violation_error_message='A refund at a device was paid out by its operator.'), models.CheckConstraint(condition=models.Q(models.Q(('method', 'ONLINE'), ('operator', None), models.Q(('provider__in', ['', 'counter', 'moved in']), _negated=True)), models.Q(('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), ('provider', 'counter'), ('provider_id', None), ('status__in', ['REQUESTED', 'FAILED'])), models.Q(('ended_at__isnull', False), ('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), ('operator__isnull', False), ('provider', 'counter'), ('provider_id', None), ('status', 'SUCCEEDED')), _connector='OR'), name='refund_online_or_of_the_counter', violation_error_message='A refund goes back online without an operator, or is given back by one by hand.'), models.CheckConstraint(condition=models.Q(('rounding', 0), models.Q(('method', 'CASH'), ('status', 'SUCCEEDED')), _connector='OR'), name='refund_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins, when it is handed out.')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('finished_at', models.DateTimeField(null=True)),
                ('counts', models.JSONField(db_default={}, default=dict, help_text='Emptied or deleted, by what it was.')),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('finished_at__isnull', False), ('counts', {}), _connector='OR'), name='retention_counts_when_finished', violation_error_message='A night that is not over has counted nothing.')],
            },
        ),
        migrations.RunSQL(PAYMENTS, PAYMENTS_UNDONE),
        migrations.RunSQL(REFUNDS, REFUNDS_UNDONE),
        migrations.RunSQL(DISPUTES, DISPUTES_UNDONE),
        migrations.RunSQL(CHECKS, CHECKS_UNDONE),
        migrations.RunSQL(DRAWERS_FROZEN, DRAWERS_UNDONE),
        migrations.RunSQL(EXCHANGES_FROZEN, EXCHANGES_UNDONE),
        migrations.RunSQL(ROUNDING_FROZEN, ROUNDING_UNDONE),
    ]
