-- Rehearsals of peaks as they were run: simulated, to be opened again and held against what came.

CREATE TABLE rehearsals (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    author_id UUID NOT NULL,
    outlook_id UUID NOT NULL,
    rehearsal JSONB NOT NULL,
    CONSTRAINT rehearsals_pkey PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX rehearsals_made_idx ON rehearsals (tenant_id, made_at);

ALTER TABLE rehearsals ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON rehearsals USING
    (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON rehearsals TO promesa_app;
