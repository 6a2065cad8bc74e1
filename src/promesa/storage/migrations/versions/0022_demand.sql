-- Events that move demand, each with every version it had: who overrode the calendar, and when, is
-- judged later against what came.

CREATE TABLE demand_events (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    content JSONB NOT NULL,
    shipped_key TEXT,
    version BIGINT NOT NULL,
    author_id UUID,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    CONSTRAINT demand_events_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX demand_events_day_idx ON demand_events (tenant_id, first_day);

CREATE TABLE demand_event_versions (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    content JSONB NOT NULL,
    shipped_key TEXT,
    version BIGINT NOT NULL,
    author_id UUID,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT demand_event_versions_pkey PRIMARY KEY (tenant_id, id, version)
);

-- Files of history, and the counts they told; an import that is undone keeps its rows.

CREATE TABLE demand_imports (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    filename TEXT NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    imported_by UUID NOT NULL,
    accepted BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    rejected JSONB NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT demand_imports_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE demand_counts (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    import_id UUID NOT NULL,
    line BIGINT NOT NULL,
    comuna TEXT NOT NULL,
    depot TEXT NOT NULL,
    product_class TEXT NOT NULL,
    day DATE NOT NULL,
    hour BIGINT,
    orders BIGINT NOT NULL,
    CONSTRAINT demand_counts_pkey PRIMARY KEY (tenant_id, import_id, line),
    FOREIGN KEY (tenant_id, import_id) REFERENCES demand_imports (tenant_id, id)
);
CREATE INDEX demand_counts_day_idx ON demand_counts (tenant_id, day, comuna);

-- What a planner said instead of a forecast; withdrawing keeps the row.

CREATE TABLE demand_overrides (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    comuna TEXT,
    depot TEXT,
    product_class TEXT,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    factor DOUBLE PRECISION,
    orders_a_day DOUBLE PRECISION,
    reason TEXT NOT NULL,
    author_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by UUID,
    CONSTRAINT demand_overrides_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX demand_overrides_day_idx ON demand_overrides (tenant_id, first_day);

-- A class of product, as the merchant calls it; it parts the series of demand.
ALTER TABLE orders ADD COLUMN product_class TEXT;

-- When orders were placed and delivered is read by day, of years.
CREATE INDEX events_demand_idx ON events (tenant_id, type, occurred_at)
    WHERE type IN ('order.placed', 'order.delivered');

DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'demand_events', 'demand_event_versions', 'demand_imports', 'demand_counts',
        'demand_overrides'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY of_the_tenant ON %I USING '
            '(tenant_id = nullif(current_setting(''promesa.tenant'', true), '''')::uuid)',
            name
        );
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO promesa_app', name);
        EXECUTE format(
            'ALTER TABLE %I ADD FOREIGN KEY (tenant_id) REFERENCES tenants (id)', name
        );
    END LOOP;
END $$;
