-- A closure or a slow street: the line a person drew, its span, its author, and why. Taking it away
-- keeps the row, so that it can be put back.

CREATE TABLE traffic_marks (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    line JSONB NOT NULL,
    is_both_ways BOOLEAN NOT NULL,
    speed_kph DOUBLE PRECISION,
    reason TEXT NOT NULL,
    start TIMESTAMP WITH TIME ZONE NOT NULL,
    "end" TIMESTAMP WITH TIME ZONE NOT NULL,
    author_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT traffic_marks_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX traffic_marks_end_idx ON traffic_marks (tenant_id, "end");
ALTER TABLE traffic_marks ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON traffic_marks
    USING (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON traffic_marks TO promesa_app;
ALTER TABLE traffic_marks ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id);
