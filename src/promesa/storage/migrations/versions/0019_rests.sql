-- When the driver really rested, as the phone told it.
ALTER TABLE routes ADD COLUMN rests jsonb NOT NULL DEFAULT '[]';
ALTER TABLE routes ALTER COLUMN rests DROP DEFAULT;
