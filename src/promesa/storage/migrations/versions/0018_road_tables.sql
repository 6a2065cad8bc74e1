-- The CSV of toll gates, of their prices, or of restricted zones, as an operator saved it.

CREATE TABLE road_tables (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    saved_by UUID NOT NULL,
    CONSTRAINT road_tables_pkey PRIMARY KEY (tenant_id, kind)
);
ALTER TABLE road_tables ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON road_tables
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON road_tables TO promesa_app;
ALTER TABLE road_tables ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
