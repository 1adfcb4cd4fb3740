-- What a presented key opens; no row for a key never issued. On every shard, since the key does not tell its account.
--   $1 text  hex SHA-256 of the whole key
SELECT k.shard, k.key_id, k.project_id, k.account_id, k.name, k.mode, k.scopes, k.hint, k.issued_at, k.revoked_at
FROM directory.keys AS k
WHERE k.hash = $1::text
