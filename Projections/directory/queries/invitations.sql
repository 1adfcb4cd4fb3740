-- A page of an account's invitations that can still be accepted, the latest first.
--   $1 integer      shard
--   $2 uuid         account
--   $3 timestamptz  now
--   $4 timestamptz  invited_at of the last invitation of the page before, or NULL
--   $5 uuid         that invitation
--   $6 integer      rows
SELECT i.invitation_id, i.email_sealed, i.role, i.invited_by, i.invited_at, i.expires_at
FROM directory.invitations AS i
WHERE i.shard = $1::integer AND i.account_id = $2::uuid AND i.outcome IS NULL AND i.expires_at > $3::timestamptz
  AND ($4::timestamptz IS NULL OR (i.invited_at, i.invitation_id) < ($4::timestamptz, $5::uuid))
ORDER BY i.invited_at DESC, i.invitation_id DESC
LIMIT $6::integer
