-- Takes one of the changes that somebody may make: 0, or how long they must wait for it, in milliseconds, when none is left. One comes back every
-- `spacing`, up to as many as fit into `burst` (the generic cell rate algorithm, ITU-T I.371): `blocked_until` is when all would be back.
CREATE OR REPLACE FUNCTION operations.take_change(key text, spacing bigint, burst bigint, at bigint) RETURNS bigint
LANGUAGE sql
AS $$
  WITH taken AS (
    INSERT INTO operations.throttles AS t (key, attempts, blocked_until, last_attempt)
    VALUES (take_change.key, 1, take_change.at + take_change.spacing, take_change.at)
    ON CONFLICT (key) DO UPDATE
    SET attempts = least(t.attempts, 1000000000) + 1, last_attempt = take_change.at,
      -- From further in the future than any can be: set by a clock that has been put right since.
      blocked_until = greatest(least(t.blocked_until, take_change.at + take_change.burst), take_change.at) + take_change.spacing
    WHERE greatest(t.blocked_until, take_change.at) + take_change.spacing <= take_change.at + take_change.burst
      OR t.blocked_until > take_change.at + take_change.burst + take_change.spacing
    RETURNING 0::bigint AS wait
  )
  SELECT k.wait FROM taken AS k
  UNION ALL
  SELECT t.blocked_until + take_change.spacing - take_change.at - take_change.burst
  FROM operations.throttles AS t
  WHERE t.key = take_change.key AND NOT EXISTS (SELECT FROM taken)
  LIMIT 1
$$;
