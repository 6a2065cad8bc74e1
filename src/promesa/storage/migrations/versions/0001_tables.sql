-- Tables and indexes as of the first version; promesa.storage describes the same in Python,
-- and a test compares the two.

CREATE TABLE credentials (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    digest BYTEA NOT NULL,
    subject_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    prefix TEXT NOT NULL,
    CONSTRAINT credentials_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX credentials_digest_key ON credentials (digest);
CREATE INDEX credentials_subject_idx ON credentials (tenant_id, kind, subject_id);

CREATE TABLE cursors (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    reader TEXT NOT NULL,
    number BIGINT NOT NULL,
    CONSTRAINT cursors_pkey PRIMARY KEY (tenant_id, reader)
);

CREATE TABLE custody_entries (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    parcel_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    event_id UUID NOT NULL,
    holder_kind TEXT NOT NULL,
    holder_id UUID NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    evidence JSONB NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT custody_entries_pkey PRIMARY KEY (tenant_id, parcel_id, sequence)
);

CREATE TABLE depots (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position_lon DOUBLE PRECISION NOT NULL,
    position_lat DOUBLE PRECISION NOT NULL,
    CONSTRAINT depots_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX depots_code_key ON depots (tenant_id, code);

CREATE TABLE devices (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    driver_id UUID NOT NULL,
    secret_digest BYTEA NOT NULL,
    paired_at TIMESTAMP WITH TIME ZONE NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT devices_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX devices_secret_key ON devices (tenant_id, secret_digest);

CREATE TABLE door_points (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    address_key BYTEA NOT NULL,
    position_lon DOUBLE PRECISION NOT NULL,
    position_lat DOUBLE PRECISION NOT NULL,
    uncertainty_m DOUBLE PRECISION NOT NULL,
    deliveries BIGINT NOT NULL,
    CONSTRAINT door_points_pkey PRIMARY KEY (tenant_id, address_key)
);

CREATE TABLE drivers (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    person_id UUID NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT drivers_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX drivers_code_key ON drivers (tenant_id, code);

CREATE TABLE events (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    number BIGINT,
    type TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID NOT NULL,
    actor_role TEXT NOT NULL,
    actor_merchant_id UUID,
    actor_order_id UUID,
    position JSONB,
    evidence JSONB NOT NULL,
    data JSONB NOT NULL,
    request_id TEXT,
    order_id UUID,
    route_id UUID,
    CONSTRAINT events_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX events_number_key ON events (number);
CREATE INDEX events_order_idx ON events (tenant_id, order_id, occurred_at);
CREATE INDEX events_recorded_idx ON events (tenant_id, recorded_at);
CREATE INDEX events_route_idx ON events (tenant_id, route_id, occurred_at);
CREATE INDEX events_tenant_number_idx ON events (tenant_id, number);
CREATE INDEX events_unnumbered_idx ON events (recorded_at, id) WHERE number IS NULL;

CREATE TABLE evidence (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    stop_id UUID NOT NULL,
    order_id UUID NOT NULL,
    kind TEXT NOT NULL,
    person_id UUID,
    captured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    digest TEXT,
    blob_name TEXT,
    media_type TEXT,
    position_lon DOUBLE PRECISION,
    position_lat DOUBLE PRECISION,
    CONSTRAINT evidence_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX evidence_order_idx ON evidence (tenant_id, order_id, captured_at);
CREATE INDEX evidence_stop_idx ON evidence (tenant_id, stop_id, captured_at);

CREATE TABLE imports (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    filename TEXT NOT NULL,
    layout TEXT NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    imported_by UUID NOT NULL,
    accepted BIGINT NOT NULL,
    rejected JSONB NOT NULL,
    sealed_rows BYTEA NOT NULL,
    order_ids JSONB NOT NULL,
    CONSTRAINT imports_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE kept_answers (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    actor_id UUID NOT NULL,
    key TEXT NOT NULL,
    request_digest BYTEA NOT NULL,
    status BIGINT NOT NULL,
    body BYTEA NOT NULL,
    kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT kept_answers_pkey PRIMARY KEY (tenant_id, actor_id, key)
);
CREATE INDEX kept_answers_kept_idx ON kept_answers (tenant_id, kept_at);

CREATE TABLE last_fixes (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    driver_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    packed BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT last_fixes_pkey PRIMARY KEY (tenant_id, driver_id)
);

CREATE TABLE merchants (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    rut TEXT,
    email TEXT,
    position_lon DOUBLE PRECISION,
    position_lat DOUBLE PRECISION,
    address_line TEXT,
    CONSTRAINT merchants_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX merchants_code_key ON merchants (tenant_id, code);

CREATE TABLE messages (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    person_id UUID,
    order_id UUID,
    cause_event_id UUID NOT NULL,
    queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    error TEXT,
    provider_id TEXT,
    facts JSONB NOT NULL,
    CONSTRAINT messages_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX messages_due_idx ON messages (tenant_id, due_at, id) WHERE state = 'queued';
CREATE INDEX messages_order_idx ON messages (tenant_id, order_id);
CREATE INDEX messages_queued_idx ON messages (tenant_id, queued_at, id);

CREATE TABLE orders (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    merchant_id UUID NOT NULL,
    reference TEXT NOT NULL,
    state TEXT NOT NULL,
    date DATE NOT NULL,
    recipient_id UUID NOT NULL,
    comuna TEXT,
    placement JSONB,
    windows JSONB NOT NULL,
    service_time_s BIGINT NOT NULL,
    skills JSONB NOT NULL,
    cod_clp BIGINT,
    requires_pin BOOLEAN NOT NULL,
    depot_id UUID,
    items JSONB NOT NULL,
    tags JSONB NOT NULL,
    legs JSONB NOT NULL,
    leg_index BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    version BIGINT NOT NULL,
    import_id UUID,
    CONSTRAINT orders_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX orders_date_idx ON orders (tenant_id, date, id);
CREATE INDEX orders_recipient_idx ON orders (tenant_id, recipient_id);
CREATE UNIQUE INDEX orders_reference_key ON orders (tenant_id, merchant_id, reference);

CREATE TABLE people (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    sealed BYTEA,
    CONSTRAINT people_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE plans (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    date DATE NOT NULL,
    state TEXT NOT NULL,
    seed BIGINT NOT NULL,
    iterations BIGINT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requested_by UUID NOT NULL,
    progress DOUBLE PRECISION NOT NULL,
    routes JSONB NOT NULL,
    unserved JSONB NOT NULL,
    left_for_review JSONB NOT NULL,
    cost_clp BIGINT,
    failure TEXT,
    notes JSONB NOT NULL,
    CONSTRAINT plans_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX plans_date_idx ON plans (tenant_id, date, requested_at);

CREATE TABLE routes (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    date DATE NOT NULL,
    depot_id UUID NOT NULL,
    vehicle_id UUID NOT NULL,
    driver_id UUID NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    acknowledged_version BIGINT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    is_broken_down BOOLEAN NOT NULL,
    CONSTRAINT routes_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX routes_code_key ON routes (tenant_id, date, code);
CREATE INDEX routes_driver_idx ON routes (tenant_id, driver_id, date);

CREATE TABLE shifts (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    date DATE NOT NULL,
    driver_id UUID NOT NULL,
    vehicle_id UUID NOT NULL,
    depot_id UUID NOT NULL,
    start TIMESTAMP WITH TIME ZONE NOT NULL,
    "end" TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT shifts_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX shifts_date_idx ON shifts (tenant_id, date);

CREATE TABLE tenants (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    is_simulated BOOLEAN NOT NULL,
    search_key BYTEA NOT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id)
);

CREATE TABLE track_segments (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    driver_id UUID NOT NULL,
    minute TIMESTAMP WITH TIME ZONE NOT NULL,
    packed BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT track_segments_pkey PRIMARY KEY (tenant_id, driver_id, minute)
);

CREATE TABLE users (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    email_digest BYTEA NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX users_email_key ON users (email_digest, tenant_id);

CREATE TABLE vehicles (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    plate TEXT NOT NULL,
    depot_id UUID NOT NULL,
    capacity_parcels BIGINT NOT NULL,
    capacity_weight_g BIGINT NOT NULL,
    capacity_volume_ml BIGINT NOT NULL,
    skills JSONB NOT NULL,
    cost_fixed_clp BIGINT NOT NULL,
    cost_per_hour_clp BIGINT NOT NULL,
    cost_per_km_clp BIGINT NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT vehicles_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX vehicles_code_key ON vehicles (tenant_id, code);

CREATE TABLE webhook_endpoints (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    merchant_id UUID,
    event_types JSONB NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE parcels (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    ordinal INTEGER NOT NULL,
    barcode TEXT NOT NULL,
    state TEXT NOT NULL,
    weight_g BIGINT,
    volume_ml BIGINT,
    CONSTRAINT parcels_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT parcels_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES orders (tenant_id, id)
);
CREATE INDEX parcels_barcode_idx ON parcels (tenant_id, barcode);
CREATE INDEX parcels_order_idx ON parcels (tenant_id, order_id, ordinal);

CREATE TABLE person_keys (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    person_id UUID NOT NULL,
    key BYTEA NOT NULL,
    CONSTRAINT person_keys_pkey PRIMARY KEY (tenant_id, person_id),
    CONSTRAINT person_keys_tenant_id_person_id_fkey FOREIGN KEY(tenant_id, person_id) REFERENCES people (tenant_id, id)
);

CREATE TABLE person_words (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    word BIGINT NOT NULL,
    person_id UUID NOT NULL,
    CONSTRAINT person_words_pkey PRIMARY KEY (tenant_id, word, person_id),
    CONSTRAINT person_words_tenant_id_person_id_fkey FOREIGN KEY(tenant_id, person_id) REFERENCES people (tenant_id, id)
);
CREATE INDEX person_words_person_idx ON person_words (tenant_id, person_id);

CREATE TABLE promises (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    order_id UUID NOT NULL,
    version BIGINT NOT NULL,
    window_start TIMESTAMP WITH TIME ZONE NOT NULL,
    window_end TIMESTAMP WITH TIME ZONE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    cause TEXT NOT NULL,
    fate TEXT NOT NULL,
    CONSTRAINT promises_pkey PRIMARY KEY (tenant_id, order_id, version),
    CONSTRAINT promises_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES orders (tenant_id, id)
);

CREATE TABLE route_versions (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    route_id UUID NOT NULL,
    number BIGINT NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    start TIMESTAMP WITH TIME ZONE NOT NULL,
    "end" TIMESTAMP WITH TIME ZONE NOT NULL,
    stops JSONB NOT NULL,
    distance_m BIGINT NOT NULL,
    duration_s BIGINT NOT NULL,
    geometry TEXT NOT NULL,
    cause TEXT NOT NULL,
    CONSTRAINT route_versions_pkey PRIMARY KEY (tenant_id, route_id, number),
    CONSTRAINT route_versions_tenant_id_route_id_fkey FOREIGN KEY(tenant_id, route_id) REFERENCES routes (tenant_id, id)
);

CREATE TABLE stops (
    tenant_id UUID DEFAULT current_setting('promesa.tenant')::uuid NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    route_id UUID NOT NULL,
    type TEXT NOT NULL,
    position_lon DOUBLE PRECISION NOT NULL,
    position_lat DOUBLE PRECISION NOT NULL,
    attempt BIGINT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    reason TEXT,
    arrived_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT stops_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT stops_tenant_id_order_id_fkey FOREIGN KEY(tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CONSTRAINT stops_tenant_id_route_id_fkey FOREIGN KEY(tenant_id, route_id) REFERENCES routes (tenant_id, id)
);
CREATE INDEX stops_order_idx ON stops (tenant_id, order_id, attempt);
CREATE INDEX stops_route_idx ON stops (tenant_id, route_id, id);
