-- Whom to erase at a time, the longest due first.
--   $1 timestamptz  now
SELECT u.user_id
FROM people.users AS u
WHERE u.deletion_due_at <= $1::timestamptz
ORDER BY u.deletion_due_at, u.user_id
LIMIT 100
