-- Whoever writes says everything: a default fills the rows there are, and is taken away again.
ALTER TABLE vehicles ADD COLUMN kind text NOT NULL DEFAULT 'van';
ALTER TABLE vehicles ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE vehicles ADD COLUMN size jsonb;
ALTER TABLE vehicles ADD COLUMN stops_max bigint;
ALTER TABLE vehicles ADD COLUMN trips_max bigint NOT NULL DEFAULT 1;
ALTER TABLE vehicles ALTER COLUMN trips_max DROP DEFAULT;
ALTER TABLE vehicles ADD COLUMN loading_time_s bigint;

ALTER TABLE drivers ADD COLUMN meal_break jsonb;
ALTER TABLE drivers ADD COLUMN driving_max_s bigint;
ALTER TABLE drivers ADD COLUMN duty_max_s bigint;
ALTER TABLE drivers ADD COLUMN overtime_max_s bigint;
ALTER TABLE drivers ADD COLUMN overtime_hour_cost_clp bigint;
ALTER TABLE drivers ADD COLUMN latest_start time without time zone;
ALTER TABLE drivers ADD COLUMN areas jsonb NOT NULL DEFAULT '[]';
ALTER TABLE drivers ALTER COLUMN areas DROP DEFAULT;

ALTER TABLE orders ADD COLUMN terms jsonb NOT NULL DEFAULT '{}';
ALTER TABLE orders ALTER COLUMN terms DROP DEFAULT;

ALTER TABLE plans ADD COLUMN balance text NOT NULL DEFAULT 'none';
ALTER TABLE plans ALTER COLUMN balance DROP DEFAULT;

ALTER TABLE route_versions ADD COLUMN breaks jsonb NOT NULL DEFAULT '[]';
ALTER TABLE route_versions ALTER COLUMN breaks DROP DEFAULT;
ALTER TABLE route_versions ADD COLUMN reloads jsonb NOT NULL DEFAULT '[]';
ALTER TABLE route_versions ALTER COLUMN reloads DROP DEFAULT;
