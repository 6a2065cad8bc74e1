-- How far every operator's log is and whether a message is due, so that only who has work is visited.

CREATE FUNCTION directory_logs(wanted_reader text, present timestamptz)
    RETURNS TABLE (tenant_id uuid, last_number bigint, reached bigint, is_message_due boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT
        tenants.id,
        coalesce((SELECT max(number) FROM events WHERE events.tenant_id = tenants.id), 0),
        coalesce((
            SELECT cursors.number FROM cursors
            WHERE cursors.tenant_id = tenants.id AND reader = wanted_reader
        ), 0),
        EXISTS (
            SELECT 1 FROM messages
            WHERE messages.tenant_id = tenants.id AND state = 'queued' AND due_at <= present
        )
    FROM tenants
    ORDER BY tenants.name, tenants.id;
$$;

REVOKE ALL ON FUNCTION directory_logs(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory_logs(text, timestamptz) TO promesa_app;
