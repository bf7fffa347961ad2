"""What was offered, decided or published keeps its words: the database itself refuses to change them, whoever asks."""

from django.db import migrations

KEPT = ("charting_planversion", "charting_plandecision")
WORDS = ("family", "version", "texts", "published_at", "published_by")


def install_sql(schema: str) -> str:
    """SECURITY DEFINER with a fixed path, as all triggers here. Rows go only by the owner's hand, when their time is over."""
    definer = f'SECURITY DEFINER SET search_path = "{schema}", pg_temp'
    run = f'EXECUTE FUNCTION "{schema}".charting_keep()'
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in WORDS)
    lines = [
        f"""
CREATE FUNCTION "{schema}".charting_keep() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    IF TG_OP = 'DELETE' AND session_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was offered, decided or published does not change' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER charting_aftercare_fixed BEFORE UPDATE ON "{schema}".charting_aftercaretext
    FOR EACH ROW WHEN ({changed}) {run};
CREATE TRIGGER charting_aftercare_gone BEFORE DELETE ON "{schema}".charting_aftercaretext FOR EACH ROW {run};
CREATE TRIGGER charting_aftercare_kept BEFORE TRUNCATE ON "{schema}".charting_aftercaretext FOR EACH STATEMENT {run};"""
    ]
    for table in KEPT:
        lines += [
            f'CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON "{schema}".{table} FOR EACH ROW {run};',
            f'CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON "{schema}".{table} FOR EACH STATEMENT {run};',
        ]
    return "\n".join(lines)


def install(apps, schema_editor):
    schema_editor.execute(install_sql(schema_editor.connection.schema_name), params=None)


def remove(apps, schema_editor):
    schema = schema_editor.connection.schema_name
    schema_editor.execute(f'DROP FUNCTION IF EXISTS "{schema}".charting_keep() CASCADE', params=None)


class Migration(migrations.Migration):
    dependencies = [("charting", "0008_plans_and_aftercare")]
    operations = [migrations.RunPython(install, remove)]
