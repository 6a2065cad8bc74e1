-- What was recorded stays as it was, for the owner too.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$;

-- An event changes once: it gets its number.
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number IS NULL AND NEW.number IS NOT NULL
        AND to_jsonb(OLD) - 'number' = to_jsonb(NEW) - 'number'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events is append-only' USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER events_keep BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
CREATE TRIGGER events_stay BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_last BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER custody_entries_stay BEFORE UPDATE OR DELETE ON custody_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER custody_entries_last BEFORE TRUNCATE ON custody_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER route_versions_stay BEFORE UPDATE OR DELETE ON route_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Numbers what is committed, of all tenants, one caller at a time. The lock is taken before the
-- rows are looked at and kept until the commit, so whoever has seen number N can see all below N:
-- a transaction that commits late gets a number above, never one that was already passed.
CREATE FUNCTION number_events() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last_number bigint;
    numbered bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(7061303);
    SELECT coalesce(max(number), 0) INTO last_number FROM events;
    WITH waiting AS (
        SELECT tenant_id, id, row_number() OVER (ORDER BY recorded_at, id) AS place
        FROM events
        WHERE number IS NULL
    )
    UPDATE events
    SET number = last_number + waiting.place
    FROM waiting
    WHERE events.tenant_id = waiting.tenant_id AND events.id = waiting.id;
    GET DIAGNOSTICS numbered = ROW_COUNT;
    RETURN numbered;
END;
$$;
