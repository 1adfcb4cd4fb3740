-- A page of an account's invitations that can still be accepted, the latest first; or one, whatever became of it.
--   $1 integer      shard
--   $2 uuid         account
--   $3 uuid         invitation, or NULL for all that are open
--   $4 timestamptz  now
--   $5 timestamptz  invited_at of the last invitation of the page before, or NULL
--   $6 uuid         that invitation
--   $7 integer      rows
SELECT i.invitation_id, i.email_sealed, i.role, i.invited_by, i.invited_at, i.expires_at, i.outcome
FROM directory.invitations AS i
WHERE i.shard = $1::integer AND i.account_id = $2::uuid
  AND (i.invitation_id = $3::uuid OR $3::uuid IS NULL AND i.outcome IS NULL AND i.expires_at > $4::timestamptz)
  AND ($5::timestamptz IS NULL OR (i.invited_at, i.invitation_id) < ($5::timestamptz, $6::uuid))
ORDER BY i.invited_at DESC, i.invitation_id DESC
LIMIT $7::integer
