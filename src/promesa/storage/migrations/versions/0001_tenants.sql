-- A transaction of the plain role sees and writes the rows of one tenant, the one it set; with
-- none set it sees nothing. The owner, who migrates, passes by.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO promesa_app;

DO $$
DECLARE
    named text;
BEGIN
    FOR named IN
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'tenant_id'
        ORDER BY table_name
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', named);
        EXECUTE format(
            'CREATE POLICY of_the_tenant ON %I'
            ' USING (tenant_id = nullif(current_setting(''promesa.tenant'', true), '''')::uuid)',
            named
        );
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO promesa_app', named);
        EXECUTE format(
            'ALTER TABLE %I ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id)', named
        );
    END LOOP;
END;
$$;

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON tenants
    USING (id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT ON tenants TO promesa_app;

-- What is appended to is not changed, and of a promise only the fate becomes known.
REVOKE UPDATE, DELETE ON events, custody_entries, route_versions, evidence, imports, promises
    FROM promesa_app;
GRANT UPDATE (fate) ON promises TO promesa_app;
