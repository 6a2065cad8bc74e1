-- An event whose reaction failed again and again is set aside, so that those after it go on.

CREATE TABLE parked_reactions (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    event_id UUID NOT NULL,
    reaction TEXT NOT NULL,
    number BIGINT NOT NULL,
    error TEXT NOT NULL,
    parked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT parked_reactions_pkey PRIMARY KEY (tenant_id, event_id, reaction)
);
ALTER TABLE parked_reactions ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON parked_reactions
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON parked_reactions TO promesa_app;
ALTER TABLE parked_reactions ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);

-- A phone that reports positions is known by its credential; this table repeated it for nobody.
DROP TABLE devices;
