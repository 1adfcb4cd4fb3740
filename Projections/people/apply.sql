-- One pass for two tables. A cut may hold any stretch of a person's or session's life, so what it says of each is summed up
-- first, the last word on every column winning; then the row is made, changed or dropped.
WITH facts AS MATERIALIZED (
  SELECT u.shard, u.position, u.recorded_at, u.type, u.unit ->> 'client_sealed' AS client_sealed, u.data -> 0 AS data
  FROM log.read_units($1, $2, $3) AS u
  WHERE u.type IN (
    'user_registered', 'email_verified', 'email_changed', 'profile_changed', 'deletion_requested', 'deletion_cancelled',
    'user_erased', 'sessions_ended', 'session_started', 'session_refreshed', 'session_ended')
), person_facts AS (
  SELECT f.*, (f.data ->> 'user_id')::uuid AS user_id,
    f.type IN ('user_registered', 'email_changed') AS sets_address,
    f.type IN ('user_registered', 'email_verified', 'email_changed') AS sets_verified,
    f.type = 'profile_changed' AS sets_profile,
    f.type IN ('deletion_requested', 'deletion_cancelled') AS sets_deletion
  FROM facts AS f
  WHERE f.type IN (
    'user_registered', 'email_verified', 'email_changed', 'profile_changed', 'deletion_requested', 'deletion_cancelled',
    'user_erased')
), people_changes AS (
  SELECT p.shard, p.user_id,
    min(p.recorded_at) FILTER (WHERE p.type = 'user_registered') AS registered_at,
    bool_or(p.type = 'user_erased') AS is_erased,
    max(p.position) FILTER (WHERE p.type = 'user_erased') AS erased_position,
    bool_or(p.sets_address) AS has_address,
    (array_agg(p.data ->> 'email_digest' ORDER BY p.position DESC) FILTER (WHERE p.sets_address))[1] AS email_digest,
    (array_agg(p.data ->> 'email_sealed' ORDER BY p.position DESC) FILTER (WHERE p.sets_address))[1] AS email_sealed,
    bool_or(p.sets_verified) AS has_verified,
    (array_agg(CASE WHEN p.type <> 'user_registered' THEN p.recorded_at END ORDER BY p.position DESC)
      FILTER (WHERE p.sets_verified))[1] AS verified_at,
    bool_or(p.sets_profile) AS has_profile,
    (array_agg(p.data ->> 'name_sealed' ORDER BY p.position DESC) FILTER (WHERE p.sets_profile))[1] AS name_sealed,
    (array_agg(p.data ->> 'time_zone' ORDER BY p.position DESC) FILTER (WHERE p.sets_profile))[1] AS time_zone,
    bool_or(p.sets_deletion) AS has_deletion,
    (array_agg(p.data ->> 'due_at' ORDER BY p.position DESC) FILTER (WHERE p.sets_deletion))[1]::bigint AS due_at
  FROM person_facts AS p
  GROUP BY p.shard, p.user_id
), users_made AS (
  INSERT INTO users (
    shard, user_id, email_digest, email_sealed, verified_at, name_sealed, time_zone, registered_at, deletion_due_at)
  SELECT c.shard, c.user_id, c.email_digest, c.email_sealed, c.verified_at, c.name_sealed, c.time_zone,
    c.registered_at, to_timestamp(c.due_at / 1000.0)
  FROM people_changes AS c
  WHERE c.registered_at IS NOT NULL AND NOT c.is_erased
), users_changed AS (
  UPDATE users AS u
  SET email_digest = CASE WHEN c.has_address THEN c.email_digest ELSE u.email_digest END,
    email_sealed = CASE WHEN c.has_address THEN c.email_sealed ELSE u.email_sealed END,
    verified_at = CASE WHEN c.has_verified THEN c.verified_at ELSE u.verified_at END,
    name_sealed = CASE WHEN c.has_profile THEN c.name_sealed ELSE u.name_sealed END,
    time_zone = CASE WHEN c.has_profile THEN c.time_zone ELSE u.time_zone END,
    deletion_due_at = CASE WHEN c.has_deletion THEN to_timestamp(c.due_at / 1000.0) ELSE u.deletion_due_at END
  FROM people_changes AS c
  WHERE u.shard = c.shard AND u.user_id = c.user_id AND c.registered_at IS NULL AND NOT c.is_erased
), users_dropped AS (
  DELETE FROM users AS u USING people_changes AS c
  WHERE u.shard = c.shard AND u.user_id = c.user_id AND c.is_erased
), session_facts AS (
  SELECT f.*, (f.data ->> 'session_id')::uuid AS session_id, (f.data ->> 'user_id')::uuid AS user_id
  FROM facts AS f
  WHERE f.type IN ('session_started', 'session_refreshed', 'session_ended')
), sessions_of_cut AS (
  SELECT s.shard, s.session_id, s.user_id,
    min(s.position) FILTER (WHERE s.type = 'session_started') AS start_position,
    min(s.recorded_at) FILTER (WHERE s.type = 'session_started') AS started_at,
    min(s.client_sealed) FILTER (WHERE s.type = 'session_started') AS client_sealed,
    max(s.recorded_at) FILTER (WHERE s.type <> 'session_ended') AS last_used_at,
    (array_agg(s.data ->> 'expires_at' ORDER BY s.position DESC) FILTER (WHERE s.type <> 'session_ended'))[1]::bigint
      AS expires_at,
    min(s.recorded_at) FILTER (WHERE s.type = 'session_ended') AS ended_at
  FROM session_facts AS s
  GROUP BY s.shard, s.session_id, s.user_id
), endings AS (
  -- All sessions of a person that had started before, but for one.
  SELECT f.shard, f.position, f.recorded_at, (f.data ->> 'user_id')::uuid AS user_id,
    (f.data ->> 'except_session_id')::uuid AS except_session_id
  FROM facts AS f
  WHERE f.type = 'sessions_ended'
), sessions_made AS (
  INSERT INTO sessions (shard, session_id, user_id, client_sealed, started_at, last_used_at, expires_at, ended_at)
  SELECT s.shard, s.session_id, s.user_id, s.client_sealed, s.started_at, s.last_used_at,
    to_timestamp(s.expires_at / 1000.0),
    least(s.ended_at, (
      SELECT min(e.recorded_at)
      FROM endings AS e
      WHERE e.user_id = s.user_id AND e.position > s.start_position
        AND e.except_session_id IS DISTINCT FROM s.session_id))
  FROM sessions_of_cut AS s
  WHERE s.started_at IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM people_changes AS c WHERE c.user_id = s.user_id AND c.erased_position > s.start_position)
), sessions_touched AS (
  -- Those known before this cut: changed by events of their own, or ended with all the others of their person.
  SELECT t.shard, t.session_id, max(t.last_used_at) AS last_used_at, max(t.expires_at) AS expires_at,
    min(t.ended_at) AS ended_at
  FROM (
    SELECT s.shard, s.session_id, s.last_used_at, s.expires_at, s.ended_at
    FROM sessions_of_cut AS s
    WHERE s.started_at IS NULL
    UNION ALL
    SELECT e.shard, k.session_id, NULL, NULL, e.recorded_at
    FROM endings AS e
    -- OFFSET 0 keeps this a look into the index for each ending, which nearly every cut has none of.
    CROSS JOIN LATERAL (
      SELECT s.session_id FROM sessions AS s WHERE s.shard = e.shard AND s.user_id = e.user_id OFFSET 0) AS k
    WHERE e.except_session_id IS DISTINCT FROM k.session_id
  ) AS t
  GROUP BY t.shard, t.session_id
), sessions_changed AS (
  UPDATE sessions AS k
  SET last_used_at = coalesce(t.last_used_at, k.last_used_at),
    expires_at = coalesce(to_timestamp(t.expires_at / 1000.0), k.expires_at),
    ended_at = coalesce(k.ended_at, t.ended_at)
  FROM sessions_touched AS t
  WHERE k.shard = t.shard AND k.session_id = t.session_id
    AND NOT EXISTS (SELECT FROM people_changes AS c WHERE c.user_id = k.user_id AND c.is_erased)
)
DELETE FROM sessions AS k USING people_changes AS c
WHERE k.shard = c.shard AND k.user_id = c.user_id AND c.is_erased;
