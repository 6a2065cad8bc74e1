-- Rules of working hours as an operator saved them, each version for good.

CREATE TABLE labour_rules (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    version BIGINT NOT NULL,
    rows JSONB NOT NULL,
    author_id UUID,
    saved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT labour_rules_pkey PRIMARY KEY (tenant_id, version),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

ALTER TABLE labour_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON labour_rules USING
    (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON labour_rules TO promesa_app;

-- Days on which a driver is not there; why is not kept.

CREATE TABLE driver_absences (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    driver_id UUID NOT NULL,
    date DATE NOT NULL,
    author_id UUID NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT driver_absences_pkey PRIMARY KEY (tenant_id, driver_id, date),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id),
    FOREIGN KEY (tenant_id, driver_id) REFERENCES drivers (tenant_id, id)
);
CREATE INDEX driver_absences_date_idx ON driver_absences (tenant_id, date);

ALTER TABLE driver_absences ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON driver_absences USING
    (tenant_id = nullif(current_setting('promesa.tenant', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON driver_absences TO promesa_app;
