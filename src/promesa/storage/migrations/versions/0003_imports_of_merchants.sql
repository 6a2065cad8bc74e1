-- Whose orders a file brought: a merchant sees it whichever of its keys sent it, or the torre did.

ALTER TABLE imports ADD COLUMN merchant_id UUID;

UPDATE imports SET merchant_id = credentials.subject_id
FROM credentials
WHERE credentials.tenant_id = imports.tenant_id
    AND credentials.id = imports.imported_by
    AND credentials.kind = 'api_key';
