-- Invitations that nobody can accept any more, and whose address could still be opened.
--   $1 timestamptz  now
--   $2 integer      rows
SELECT i.invitation_id
FROM directory.invitations AS i
JOIN vault.keys AS k ON k.subject = i.invitation_id
WHERE k.key IS NOT NULL AND (i.outcome IS NOT NULL OR i.expires_at <= $1::timestamptz)
ORDER BY i.invitation_id
LIMIT $2::integer
