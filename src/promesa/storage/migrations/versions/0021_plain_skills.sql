-- Skills are compared without case, spaces around words or accents; those kept before are told so too.

CREATE FUNCTION pg_temp.plain_skills(skills jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(DISTINCT plain ORDER BY plain), '[]')
    FROM jsonb_array_elements_text(skills) AS told (word),
        LATERAL (
            SELECT btrim(regexp_replace(
                regexp_replace(lower(normalize(word, NFKD)), '[\u0300-\u036f]', '', 'g'),
                '\s+', ' ', 'g'
            ))
        ) AS made (plain)
    WHERE plain <> '';
$$;

UPDATE vehicles SET skills = pg_temp.plain_skills(skills)
WHERE skills <> pg_temp.plain_skills(skills);

UPDATE orders SET skills = pg_temp.plain_skills(skills)
WHERE skills <> '[]' AND skills <> pg_temp.plain_skills(skills);
