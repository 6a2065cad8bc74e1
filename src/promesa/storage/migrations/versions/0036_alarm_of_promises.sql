-- Which change of the alarm was told last is asked each hour, of a log of years.

CREATE INDEX events_alarm_idx ON events (tenant_id, number)
    WHERE type = 'promise.alarm_changed';
