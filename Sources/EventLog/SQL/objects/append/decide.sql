-- Decides every unit of an append at once: seen before? within the quota? Called under the head's row lock, which makes its
-- reads of event_ids and meters final.
--
-- The quota is decided here and not in Swift, because only here is the meter's row certain (promise 5): the one rule of the house that
-- SQL decides. Its parts are the functions of quota/, which all SQL shares; the same rule as a pure value is Sources/Domain/Meter, and
-- QuotaTests.swift feeds both the same random sequences.
CREATE OR REPLACE FUNCTION log.decide(
  shard integer, after bigint, this_month date, controls jsonb
)
RETURNS log.decision[]
LANGUAGE plpgsql -- keeps its plans; a function in SQL would be planned anew at each append
STABLE
AS $$
BEGIN
  RETURN (
  WITH given AS (
    SELECT u.k::integer AS unit, c.*
    FROM jsonb_array_elements(decide.controls) WITH ORDINALITY AS u (control, k)
    CROSS JOIN LATERAL jsonb_to_record(u.control) AS c (
      text integer, account_id uuid, project_id uuid, key_id uuid, mode text, month text,
      scope uuid, id uuid, digest bigint, given integer, invalid integer, repeated integer, ordinals integer[], outside integer[])
  ), looked_up AS (
    SELECT g.*, s.position AS seen_position, s.digest AS seen_digest, s.accepted AS seen_accepted,
      s.position IS NOT NULL AS known
    FROM given AS g
    LEFT JOIN LATERAL (
      -- LIMIT makes the planner probe the index per unit whatever it believes about the table's size.
      SELECT i.position, i.digest, i.accepted
      FROM log.event_ids AS i
      WHERE i.shard = decide.shard AND i.scope = g.scope AND i.id = g.id
        -- Leaves out, before any is touched, the partitions that can't hold it: those made ahead, and those of months whose
        -- events have left the acceptance window.
        AND i.recorded_month BETWEEN decide.this_month - interval '2 months' AND decide.this_month
      LIMIT 1
    ) AS s ON true
  ), counted AS (
    SELECT l.*,
      CASE
        WHEN NOT l.known THEN l.given
        WHEN l.seen_digest <> l.digest OR l.seen_accepted IS NULL THEN 0
        ELSE (
          SELECT count(*)::integer
          FROM unnest(coalesce(l.ordinals, ARRAY(SELECT generate_series(0, l.given - 1)))) AS o
          WHERE NOT o <@ l.seen_accepted)
      END AS candidates
    FROM looked_up AS l
  ), metered AS (
    SELECT c.*, coalesce(m.used, 0) AS used,
      coalesce(m.quota, log.quota_of(c.mode, c.month, q.terms)) AS quota,
      -- Telemetry is metered, live and test apart; domain events have no mode.
      c.mode IS NOT NULL AS metered,
      -- What the units before this one would take if there were room for all: room is used up in order.
      sum(c.candidates) OVER (PARTITION BY c.account_id, c.month, c.mode ORDER BY c.unit) - c.candidates AS before
    FROM counted AS c
    LEFT JOIN log.quotas AS q ON q.shard = decide.shard AND q.account_id = c.account_id AND c.mode IS NOT NULL
    LEFT JOIN log.meters AS m
      ON m.shard = decide.shard AND m.account_id = c.account_id AND m.month = c.month AND m.mode = c.mode
  ), fitted AS (
    SELECT m.*,
      CASE
        -- An account without a quota may use nothing: a missing row must never mean "unlimited".
        WHEN m.metered THEN least(m.candidates, greatest(0, coalesce(m.quota, 0) - m.used - m.before))::integer
        ELSE m.candidates
      END AS accepted
    FROM metered AS m
  ), placed AS (
    SELECT f.*, decide.after + 1 + sum(f.accepted) OVER (ORDER BY f.unit) - f.accepted AS first_position
    FROM fitted AS f
  )
  SELECT array_agg(ROW(
    p.unit, coalesce(p.text, p.unit), p.account_id, p.project_id, p.key_id, p.mode, p.month, p.metered, p.scope, p.id, p.digest,
    p.given, coalesce(p.invalid, 0), coalesce(p.repeated, 0), p.ordinals, p.outside,
    p.known AND p.seen_digest = p.digest, p.known AND p.seen_digest <> p.digest, p.seen_position, p.seen_accepted,
    p.candidates, p.accepted,
    -- More than the quota was used where it was lowered since.
    greatest(p.used, least(coalesce(p.quota, 0), p.used + p.before + p.accepted)), p.quota,
    CASE WHEN p.accepted > 0 OR NOT p.known THEN p.first_position ELSE p.seen_position END
  )::log.decision ORDER BY p.unit)
  FROM placed AS p);
END
$$;
