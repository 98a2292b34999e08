from django.db import migrations, models
from django.db.models import F, Q

PROVIDER = {"max_length": 20, "help_text": "Who collects this money: the name of a payment provider."}
PROVIDER_ID = {"max_length": 200, "help_text": "The provider's id of it."}
COUNTER = ("CASH", "TERMINAL")
METHODS = [("ONLINE", "Card online"), ("CASH", "Cash"), ("TERMINAL", "Card at the counter")]

# What was kept by triggers is kept again under its new name.
UNFREEZE = """
DROP TRIGGER payment_frozen ON payments_payment;
DROP TRIGGER payment_counter_frozen ON payments_payment;
DROP TRIGGER refund_frozen ON payments_refund;
DROP TRIGGER refund_method_frozen ON payments_refund;
DROP FUNCTION marquee_refund_method_frozen();
DROP TRIGGER dispute_frozen ON payments_dispute;
"""


def keep(table, trigger, columns, once=()):
    arguments = ", ".join([f"'{name}'" for name in columns] + [f"'{name}?'" for name in once])
    return f"""
CREATE TRIGGER {trigger} BEFORE UPDATE OF {", ".join([*columns, *once])} ON {table}
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns({arguments});
"""


def freeze(method, payment_ids, refund_id, dispute_id, provider):
    return (
        keep(
            "payments_payment",
            "payment_frozen",
            ["id", "booking_id", "key", "request", "amount", "currency", *provider],
            payment_ids,
        )
        + keep("payments_payment", "payment_counter_frozen", ["method", "operator_id", "tendered"])
        + keep(
            "payments_refund",
            "refund_frozen",
            ["id", "payment_id", "key", "amount", "currency", "reason", *provider],
            [refund_id],
        )
        + keep("payments_dispute", "dispute_frozen", ["id", "payment_id", dispute_id, "amount", "currency", *provider])
        + f"""
CREATE FUNCTION marquee_refund_method_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.method = '{method}' OR NEW.method = '{method}' OR OLD.status <> 'REQUESTED' THEN
        RAISE EXCEPTION 'method of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_method_frozen BEFORE UPDATE OF method ON payments_refund
    FOR EACH ROW WHEN (NEW.method IS DISTINCT FROM OLD.method) EXECUTE FUNCTION marquee_refund_method_frozen();
"""
    )


FREEZE = freeze("ONLINE", ["session_id", "provider_id"], "provider_id", "provider_id", ["provider"])
FREEZE_AS_BEFORE = freeze("STRIPE", ["session_id", "intent_id"], "stripe_id", "stripe_id", [])

NAMES = """
UPDATE payments_payment SET method = 'ONLINE' WHERE method = 'STRIPE';
UPDATE payments_payment SET provider = 'counter' WHERE method <> 'ONLINE';
UPDATE payments_refund SET method = 'ONLINE' WHERE method = 'STRIPE';
UPDATE payments_refund SET provider = 'counter' WHERE method <> 'ONLINE';
UPDATE payments_providerevent SET
    payment_key = left(coalesce(payload #>> '{data,object,client_reference_id}', payload #>> '{data,object,metadata,payment}', ''), 200),
    object_id = left(coalesce(payload #>> '{data,object,id}', ''), 200),
    provider_payment_id = left(coalesce(CASE payload #>> '{data,object,object}' WHEN 'payment_intent' THEN payload #>> '{data,object,id}'
                                        ELSE payload #>> '{data,object,payment_intent}' END, ''), 200),
    says_paid = kind = 'payment_intent.succeeded'
                OR (kind LIKE 'checkout.session.%%' AND payload #>> '{data,object,payment_status}' IS NOT DISTINCT FROM 'paid');
"""
NAMES_AS_BEFORE = """
UPDATE payments_payment SET method = 'STRIPE' WHERE method = 'ONLINE';
UPDATE payments_refund SET method = 'STRIPE' WHERE method = 'ONLINE';
"""
DROP_INDEX = "DROP INDEX event_of_payment"
MAKE_INDEX = "CREATE INDEX event_of_payment ON payments_stripeevent ((payload #>> '{data,object,metadata,payment}'))"


def once(model, name, *columns):
    constraint = models.UniqueConstraint(fields=["provider", *columns], name=name)
    return migrations.AddConstraint(model_name=model, constraint=constraint)


def add_provider(model):
    """Every row until now is one of Stripe's; those of the counter get their name with their method."""
    return migrations.AddField(
        model_name=model, name="provider", field=models.CharField(**PROVIDER, default="stripe"), preserve_default=False
    )


def method(**facts):
    return models.CharField(choices=METHODS, db_default="ONLINE", default="ONLINE", max_length=8, **facts)


class Migration(migrations.Migration):
    """Rows say which provider they belong to, and its ids have the same names everywhere."""

    dependencies = [("payments", "0020_names_and_last_digits_of_payers")]

    operations = [
        migrations.RunSQL(UNFREEZE, FREEZE_AS_BEFORE),
        migrations.RemoveConstraint("payment", "payment_of_stripe_or_of_the_counter"),
        migrations.RemoveConstraint("refund", "refund_of_stripe_or_of_the_counter"),
        migrations.RemoveIndex("payment", "payment_card_unknown"),
        migrations.RunSQL(DROP_INDEX, MAKE_INDEX),
        migrations.RenameModel("StripeEvent", "ProviderEvent"),
        migrations.RenameModel("StripeComparison", "LedgerComparison"),
        migrations.RenameField("payment", "intent_id", "provider_id"),
        migrations.RenameField("payment", "till_url", "session_url"),
        migrations.RenameField("refund", "stripe_id", "provider_id"),
        migrations.RenameField("dispute", "stripe_id", "provider_id"),
        migrations.RenameField("providerevent", "stripe_id", "provider_id"),
        *(add_provider(model) for model in ("payment", "refund", "dispute", "providerevent", "keyrefusal")),
        migrations.AlterField("payment", "session_id", models.CharField(
            help_text="The provider's id of the payment session.", max_length=200, null=True)),
        migrations.AlterField("payment", "provider_id", models.CharField(**PROVIDER_ID, null=True)),
        migrations.AlterField("refund", "provider_id", models.CharField(**PROVIDER_ID, null=True)),
        migrations.AlterField("dispute", "provider_id", models.CharField(**PROVIDER_ID)),
        migrations.AlterField("providerevent", "provider_id", models.CharField(**PROVIDER_ID)),
        migrations.AlterField("keyrefusal", "right", models.CharField(max_length=80)),
        migrations.AddField("providerevent", "payment_key", models.CharField(
            blank=True, db_default="", help_text="The key of the payment that it names; empty: none.", max_length=200)),
        migrations.AddField("providerevent", "object_id", models.CharField(
            blank=True, db_default="", help_text="What it is about.", max_length=200)),
        migrations.AddField("providerevent", "provider_payment_id", models.CharField(
            blank=True, db_default="", help_text="The money that it is about, by the provider's id.", max_length=200)),
        migrations.AddField("providerevent", "says_paid", models.BooleanField(
            db_default=False, help_text="Whether it says that this payment was paid.")),
        migrations.AlterField("payment", "method", method()),
        migrations.AlterField("refund", "method", method(
            help_text="How it goes back. At the counter cash may become a card, and the other way round, until it is paid out.")),
        migrations.RunSQL(NAMES.replace("%%", "%"), NAMES_AS_BEFORE),
        once("payment", "payment_session_once", "session_id"),
        once("payment", "payment_provider_id_once", "provider_id"),
        once("refund", "refund_provider_id_once", "provider_id"),
        once("dispute", "dispute_once", "provider_id"),
        once("providerevent", "event_once", "provider_id"),
        once("keyrefusal", "key_refusal_once", "right"),
        migrations.AddIndex("payment", models.Index(
            fields=["ended_at"], condition=Q(method="ONLINE", status="SUCCEEDED", card_noted_at=None),
            name="payment_card_unknown")),
        migrations.AddIndex("providerevent", models.Index(
            fields=["payment_key"], condition=~Q(payment_key=""), name="event_by_payment_key")),
        migrations.AddConstraint("payment", models.CheckConstraint(
            name="payment_online_or_of_the_counter",
            condition=Q(method="ONLINE", operator=None) & ~Q(provider__in=["", "counter"])
            | Q(
                method__in=COUNTER, provider="counter", operator__isnull=False, status="SUCCEEDED", session_id=None,
                provider_id=None, session_url="", captured=F("amount"), captured_currency=F("currency"),
                ended_at__isnull=False,
            ))),
        migrations.AddConstraint("refund", models.CheckConstraint(
            name="refund_online_or_of_the_counter",
            condition=Q(method="ONLINE", operator=None) & ~Q(provider__in=["", "counter"])
            | Q(method__in=COUNTER, provider="counter", provider_id=None, status__in=["REQUESTED", "FAILED"])
            | Q(
                method__in=COUNTER, provider="counter", provider_id=None, status="SUCCEEDED", operator__isnull=False,
                ended_at__isnull=False,
            ))),
        migrations.RunSQL(FREEZE, UNFREEZE),
    ]
