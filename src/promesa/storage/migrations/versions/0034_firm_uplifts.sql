-- An uplift that a person wrote is taken as it is. Until now that was told by its number being one
-- that no other occurrence of the event has; from now on its row says so.

UPDATE demand_events AS typed
SET content = jsonb_set(typed.content, '{is_firm}', 'true')
WHERE typed.author_id IS NOT NULL
    AND typed.content ->> 'uplift' IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM demand_events AS other
        WHERE other.tenant_id = typed.tenant_id
            AND other.id <> typed.id
            AND other.content ->> 'name' = typed.content ->> 'name'
            AND other.content -> 'uplift' = typed.content -> 'uplift'
    );
