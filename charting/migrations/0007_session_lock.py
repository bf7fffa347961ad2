"""A session whose note is signed is fixed: the database itself refuses to change or delete it."""

from django.db import migrations


def install_sql(schema: str) -> str:
    """SECURITY DEFINER with a fixed path, as every trigger function: whose role it is makes no difference."""
    definer = f'SECURITY DEFINER SET search_path = "{schema}", pg_temp'
    return f"""
CREATE FUNCTION "{schema}".charting_refuse_locked() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    RAISE EXCEPTION 'a session is locked with its note' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER charting_session_fixed BEFORE UPDATE OR DELETE ON "{schema}".charting_lasersession
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION "{schema}".charting_refuse_locked();
CREATE TRIGGER charting_session_kept BEFORE TRUNCATE ON "{schema}".charting_lasersession
    FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".charting_refuse_locked();
"""


def remove_sql(schema: str) -> str:
    return f'DROP FUNCTION IF EXISTS "{schema}".charting_refuse_locked() CASCADE;'


def install(apps, schema_editor):
    schema_editor.execute(install_sql(schema_editor.connection.schema_name), params=None)


def remove(apps, schema_editor):
    schema_editor.execute(remove_sql(schema_editor.connection.schema_name), params=None)


class Migration(migrations.Migration):
    dependencies = [("charting", "0006_sessions_and_events")]
    operations = [migrations.RunPython(install, remove)]
