from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

# What is on sale keeps the rules that its ticket types have at this moment. The trigger keeps versions from being changed.
PIN = """
ALTER TABLE theaters_priceversion DISABLE TRIGGER price_version_frozen;
UPDATE theaters_priceversion AS version SET rules = pinned.rules
  FROM (SELECT price.version_id, jsonb_object_agg(kind.code, jsonb_build_object(
               'position', kind.position, 'is_default', kind.is_default, 'min_age', kind.min_age, 'max_age', kind.max_age,
               'is_adult', kind.is_adult, 'needs_adult', kind.needs_adult, 'needs_wheelchair', kind.needs_wheelchair,
               'categories', to_jsonb(kind.categories))) AS rules
          FROM theaters_pinnedprice AS price
          JOIN theaters_tickettype AS kind ON kind.id = price.ticket_type_id
         GROUP BY price.version_id) AS pinned
 WHERE pinned.version_id = version.id;
ALTER TABLE theaters_priceversion ENABLE TRIGGER price_version_frozen;
"""


class Migration(migrations.Migration):
    dependencies = [("theaters", "0008_ticket_type_rules")]

    operations = [
        ValidateConstraint(model_name="tickettype", name="ticket_type_derived_in_one_way"),
        ValidateConstraint(model_name="tickettype", name="ticket_type_counts_somebody"),
        migrations.RunSQL(PIN, migrations.RunSQL.noop),
    ]
