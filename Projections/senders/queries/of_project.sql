-- A page of a project's senders, those that were heard last first.
--   $1 integer      shard
--   $2 uuid         project
--   $3 text         mode: live or test
--   $4 boolean      those alone of which something is missing (true), or nothing (false); NULL: all
--   $5 timestamptz  last_seen of the last sender of the page before, or NULL
--   $6 uuid         that sender
--   $7 integer      rows
SELECT s.sender_id, s.key_id, s.last_sequence - s.first_sequence + 1 AS sent, s.here, s.events, s.dropped, s.first_seen, s.last_seen,
  s.untold, (
    SELECT coalesce(
      jsonb_agg(
        jsonb_build_object('first', g.first, 'last', g.last, 'noticed_at', (extract(epoch FROM g.noticed_at) * 1000000)::bigint)
        ORDER BY g.first),
      '[]')
    FROM unnest(s.gap_firsts, s.gap_lasts, s.gap_times) AS g (first, last, noticed_at)
  ) AS gaps
FROM senders.senders AS s
WHERE s.shard = $1::integer AND s.project_id = $2::uuid AND s.mode = $3::text
  AND ($4::boolean IS NULL OR (s.last_sequence - s.first_sequence + 1 > s.here) = $4::boolean)
  AND ($5::timestamptz IS NULL OR (s.last_seen, s.sender_id) < ($5::timestamptz, $6::uuid))
ORDER BY s.last_seen DESC, s.sender_id DESC
LIMIT $7::integer
