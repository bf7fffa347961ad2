"""The chain: the database itself links each event to the one before, at commit."""

from django.db import migrations

GENESIS = bytes(32)


def install_sql(schema: str) -> str:
    """SECURITY DEFINER with a fixed path: a plain deferred trigger would run as the role at COMMIT."""
    definer = f'SECURITY DEFINER SET search_path = "{schema}", pg_temp'
    return f"""
CREATE FUNCTION "{schema}".audit_chain() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
DECLARE
    head audit_head%ROWTYPE;
    forged bytea;
BEGIN
    SELECT * INTO STRICT head FROM audit_head WHERE id = 1 FOR NO KEY UPDATE;
    forged := sha256(head.hash || int8send(head.seq + 1) || sha256(NEW.body));
    INSERT INTO audit_link (seq, event_id, prev, hash) VALUES (head.seq + 1, NEW.id, head.hash, forged);
    UPDATE audit_head SET seq = head.seq + 1, hash = forged WHERE id = 1;
    RETURN NULL;
END $$;

CREATE FUNCTION "{schema}".audit_refuse() RETURNS trigger LANGUAGE plpgsql {definer} AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON "{schema}".audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "{schema}".audit_chain();
CREATE TRIGGER audit_event_fixed BEFORE UPDATE OR DELETE ON "{schema}".audit_event
    FOR EACH ROW EXECUTE FUNCTION "{schema}".audit_refuse();
CREATE TRIGGER audit_event_kept BEFORE TRUNCATE ON "{schema}".audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".audit_refuse();
CREATE TRIGGER audit_link_fixed BEFORE UPDATE OR DELETE ON "{schema}".audit_link
    FOR EACH ROW EXECUTE FUNCTION "{schema}".audit_refuse();
CREATE TRIGGER audit_link_kept BEFORE TRUNCATE ON "{schema}".audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".audit_refuse();
INSERT INTO "{schema}".audit_head (id, seq, hash) VALUES (1, 0, '\\x{GENESIS.hex()}');
"""


def remove_sql(schema: str) -> str:
    return f"""
DROP FUNCTION IF EXISTS "{schema}".audit_chain() CASCADE;
DROP FUNCTION IF EXISTS "{schema}".audit_refuse() CASCADE;
DELETE FROM "{schema}".audit_head;
"""


def install(apps, schema_editor):
    schema_editor.execute(install_sql(schema_editor.connection.schema_name), params=None)


def remove(apps, schema_editor):
    schema_editor.execute(remove_sql(schema_editor.connection.schema_name), params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
