-- The invitations that were ever sent to an address, on every shard; each holds a sealed copy of it.
--   $1 text  hex HMAC-SHA256 of the address
SELECT i.invitation_id
FROM directory.invitations AS i
WHERE i.email_digest = $1::text
