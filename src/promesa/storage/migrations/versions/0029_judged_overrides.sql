-- What the forecast said of each day when a planner said otherwise; [] where nobody kept it.
ALTER TABLE demand_overrides ADD COLUMN expected jsonb NOT NULL DEFAULT '[]';
