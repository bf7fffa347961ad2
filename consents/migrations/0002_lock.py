"""What was published or signed stays as it is: the database itself refuses to change it, whoever asks.

Rows go only by the owner's hand, when their time is over (retention).
"""

from django.db import migrations

TABLES = ("consents_consentversion", "consents_signature", "consents_withdrawal")


def install_sql(schema: str) -> str:
    """SECURITY DEFINER with a fixed path, as all triggers here."""
    definer = f'SECURITY DEFINER SET search_path = "{schema}", pg_temp'
    lines = [
        f"""
CREATE FUNCTION "{schema}".consents_keep() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    IF TG_OP = 'DELETE' AND session_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was published or signed does not change' USING ERRCODE = 'insufficient_privilege';
END $$;"""
    ]
    for table in TABLES:
        run = f'EXECUTE FUNCTION "{schema}".consents_keep()'
        lines += [
            f'CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON "{schema}".{table} FOR EACH ROW {run};',
            f'CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON "{schema}".{table} FOR EACH STATEMENT {run};',
        ]
    return "\n".join(lines)


def install(apps, schema_editor):
    schema_editor.execute(install_sql(schema_editor.connection.schema_name), params=None)


def remove(apps, schema_editor):
    schema = schema_editor.connection.schema_name
    schema_editor.execute(f'DROP FUNCTION IF EXISTS "{schema}".consents_keep() CASCADE', params=None)


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
