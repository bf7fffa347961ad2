"""A signed note is fixed: the database itself refuses to change or delete it, and a finished co-signature."""

from django.db import migrations


def install_sql(schema: str) -> str:
    """SECURITY DEFINER with a fixed path, as every trigger function: whose role it is makes no difference."""
    definer = f'SECURITY DEFINER SET search_path = "{schema}", pg_temp'
    return f"""
CREATE FUNCTION "{schema}".charting_refuse_signed() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    RAISE EXCEPTION 'what is signed stays as it is: add an addendum' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER charting_note_fixed BEFORE UPDATE OR DELETE ON "{schema}".charting_note
    FOR EACH ROW WHEN (OLD.state = 'signed') EXECUTE FUNCTION "{schema}".charting_refuse_signed();
CREATE TRIGGER charting_note_kept BEFORE TRUNCATE ON "{schema}".charting_note
    FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".charting_refuse_signed();
CREATE TRIGGER charting_cosignature_fixed BEFORE UPDATE OR DELETE ON "{schema}".charting_cosignature
    FOR EACH ROW WHEN (OLD.state = 'cosigned') EXECUTE FUNCTION "{schema}".charting_refuse_signed();
CREATE TRIGGER charting_cosignature_kept BEFORE TRUNCATE ON "{schema}".charting_cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".charting_refuse_signed();
"""


def remove_sql(schema: str) -> str:
    return f'DROP FUNCTION IF EXISTS "{schema}".charting_refuse_signed() CASCADE;'


def install(apps, schema_editor):
    schema_editor.execute(install_sql(schema_editor.connection.schema_name), params=None)


def remove(apps, schema_editor):
    schema_editor.execute(remove_sql(schema_editor.connection.schema_name), params=None)


class Migration(migrations.Migration):
    dependencies = [("charting", "0003_notes")]
    operations = [migrations.RunPython(install, remove)]
