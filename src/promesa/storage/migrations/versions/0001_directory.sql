-- The narrow way across tenants. Each function runs as the owner and answers one question that
-- has to be asked before a tenant is known; none returns personal data.

CREATE FUNCTION directory_credential(wanted bytea) RETURNS SETOF credentials
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM credentials WHERE digest = wanted ORDER BY tenant_id, id;
$$;

CREATE FUNCTION directory_users(wanted bytea) RETURNS SETOF users
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM users WHERE email_digest = wanted ORDER BY tenant_id, id;
$$;

CREATE FUNCTION directory_tenants()
    RETURNS TABLE (id uuid, name text, zone text, is_simulated boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id, name, zone, is_simulated FROM tenants ORDER BY name, id;
$$;

CREATE FUNCTION directory_put_tenant(
    new_id uuid, new_name text, new_zone text, new_is_simulated boolean, new_search_key bytea
) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO tenants (id, name, zone, is_simulated, search_key)
    VALUES (new_id, new_name, new_zone, new_is_simulated, new_search_key)
    ON CONFLICT (id) DO UPDATE
    SET name = excluded.name, zone = excluded.zone, is_simulated = excluded.is_simulated;
$$;

DO $$
DECLARE
    called text;
BEGIN
    FOREACH called IN ARRAY ARRAY[
        'number_events()',
        'directory_credential(bytea)',
        'directory_users(bytea)',
        'directory_tenants()',
        'directory_put_tenant(uuid, text, text, boolean, bytea)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', called);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO promesa_app', called);
    END LOOP;
END;
$$;
