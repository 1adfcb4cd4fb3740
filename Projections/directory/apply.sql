-- One pass for all tables. The type is looked at before anything is unfolded, so that telemetry, nearly all of the log,
-- costs a look per unit. Where a cut holds several events of one thing, they are folded first, so that each row is touched once.
WITH facts AS MATERIALIZED (
  SELECT u.shard, u.position, u.recorded_at, u.type, u.account_id, (u.unit ->> 'actor_id')::uuid AS actor_id,
    u.data -> 0 AS data
  FROM log.read_units($1, $2, $3) AS u
  WHERE u.type IN (
    'account_opened', 'account_marked_demo', 'account_named', 'tier_changed', 'account_granted', 'account_closed',
    'member_added', 'member_role_changed', 'member_removed',
    'member_invited', 'invitation_accepted', 'invitation_revoked',
    'project_created', 'project_renamed', 'project_archived', 'project_unarchived',
    'key_issued', 'key_rotated', 'key_revoked',
    'link_shared', 'link_revoked')
), account_changes AS (
  -- The last name and tier, the last grant with all that it does not name, and when it was opened and closed.
  SELECT f.shard, f.account_id,
    min(f.recorded_at) FILTER (WHERE f.type = 'account_opened') AS opened_at,
    min(f.recorded_at) FILTER (WHERE f.type = 'account_closed') AS closed_at,
    bool_or(f.type = 'account_marked_demo') AS is_demo,
    (array_agg(f.data ->> 'name' ORDER BY f.position DESC) FILTER (WHERE f.type = 'account_named'))[1] AS name,
    (array_agg(f.data ORDER BY f.position DESC) FILTER (WHERE f.type IN ('account_opened', 'tier_changed')))[1] AS tier,
    (array_agg(f.data ORDER BY f.position DESC) FILTER (WHERE f.type = 'account_granted'))[1] AS granted
  FROM facts AS f
  WHERE f.type IN ('account_opened', 'account_marked_demo', 'account_named', 'tier_changed', 'account_granted', 'account_closed')
  GROUP BY f.shard, f.account_id
), account_states AS (
  SELECT c.shard, c.account_id, c.opened_at, c.closed_at, c.is_demo, c.name, c.tier ->> 'tier' AS tier,
    (c.tier ->> 'monthly_quota')::bigint AS monthly_quota, c.granted IS NOT NULL AS is_granted,
    c.granted ->> 'tier' AS granted_tier, nullif((c.granted ->> 'granted_quota')::bigint, 0) AS granted_quota,
    (c.granted ->> 'requests_per_second')::bigint AS requests_per_second,
    (c.granted ->> 'bytes_per_second')::bigint AS bytes_per_second,
    to_timestamp((c.granted ->> 'until')::bigint / 1000.0) AS until
  FROM account_changes AS c
), accounts_opened AS (
  INSERT INTO accounts (
    shard, account_id, name, tier, monthly_quota, opened_at, closed_at, is_demo, granted_tier, granted_quota,
    granted_requests_per_second, granted_bytes_per_second, granted_until)
  SELECT c.shard, c.account_id, c.name, c.tier, c.monthly_quota, c.opened_at, c.closed_at, c.is_demo, c.granted_tier, c.granted_quota,
    c.requests_per_second, c.bytes_per_second, c.until
  FROM account_states AS c
  WHERE c.opened_at IS NOT NULL
), accounts_changed AS (
  UPDATE accounts AS a
  SET name = coalesce(c.name, a.name), tier = coalesce(c.tier, a.tier), monthly_quota = coalesce(c.monthly_quota, a.monthly_quota),
    closed_at = coalesce(a.closed_at, c.closed_at), is_demo = a.is_demo OR c.is_demo,
    granted_tier = CASE WHEN c.is_granted THEN c.granted_tier ELSE a.granted_tier END,
    granted_quota = CASE WHEN c.is_granted THEN c.granted_quota ELSE a.granted_quota END,
    granted_requests_per_second = CASE WHEN c.is_granted THEN c.requests_per_second ELSE a.granted_requests_per_second END,
    granted_bytes_per_second = CASE WHEN c.is_granted THEN c.bytes_per_second ELSE a.granted_bytes_per_second END,
    granted_until = CASE WHEN c.is_granted THEN c.until ELSE a.granted_until END
  FROM account_states AS c
  WHERE a.shard = c.shard AND a.account_id = c.account_id
), memberships AS (
  -- What each member is after this cut; since when, if they joined within it.
  SELECT DISTINCT ON (m.account_id, m.user_id) m.shard, m.account_id, m.user_id, m.type, m.role,
    max(m.recorded_at) FILTER (WHERE m.type = 'member_added') OVER (PARTITION BY m.account_id, m.user_id) AS added_at
  FROM (
    SELECT f.shard, f.position, f.recorded_at, f.type, (f.data ->> 'account_id')::uuid AS account_id,
      (f.data ->> 'user_id')::uuid AS user_id, f.data ->> 'role' AS role
    FROM facts AS f
    WHERE f.type IN ('member_added', 'member_role_changed', 'member_removed')
  ) AS m
  ORDER BY m.account_id, m.user_id, m.position DESC
), members_removed AS (
  DELETE FROM members AS m
  USING memberships AS c
  WHERE c.type = 'member_removed' AND m.shard = c.shard AND m.account_id = c.account_id AND m.user_id = c.user_id
), members_added AS (
  INSERT INTO members (shard, account_id, user_id, role, added_at)
  SELECT c.shard, c.account_id, c.user_id, c.role, c.added_at
  FROM memberships AS c
  WHERE c.type <> 'member_removed' AND c.added_at IS NOT NULL
  ON CONFLICT (shard, account_id, user_id) DO UPDATE SET role = excluded.role, added_at = excluded.added_at
), members_changed AS (
  UPDATE members AS m
  SET role = c.role
  FROM memberships AS c
  WHERE c.type <> 'member_removed' AND c.added_at IS NULL
    AND m.shard = c.shard AND m.account_id = c.account_id AND m.user_id = c.user_id
), ends AS (
  SELECT f.shard, (f.data ->> 'invitation_id')::uuid AS invitation_id, min(f.recorded_at) AS ended_at,
    CASE WHEN bool_or(f.type = 'invitation_accepted') THEN 'accepted' ELSE 'revoked' END AS outcome
  FROM facts AS f
  WHERE f.type IN ('invitation_accepted', 'invitation_revoked')
  GROUP BY f.shard, f.data ->> 'invitation_id'
), invitations_sent AS (
  INSERT INTO invitations (
    shard, invitation_id, account_id, email_digest, email_sealed, role, invited_by, invited_at, expires_at, ended_at,
    outcome)
  SELECT f.shard, i.invitation_id, i.account_id, i.email_digest, i.email_sealed, i.role, i.invited_by, f.recorded_at,
    to_timestamp(i.expires_at / 1000.0), e.ended_at, e.outcome
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS i (
    invitation_id uuid, account_id uuid, email_digest text, email_sealed text, role text, invited_by uuid,
    expires_at bigint)
  LEFT JOIN ends AS e ON e.invitation_id = i.invitation_id
  WHERE f.type = 'member_invited'
), invitations_ended AS (
  UPDATE invitations AS i
  SET ended_at = e.ended_at, outcome = e.outcome
  FROM ends AS e
  WHERE i.shard = e.shard AND i.invitation_id = e.invitation_id AND i.ended_at IS NULL
), project_changes AS (
  -- The last name, and what became of it last: archived, since when, or taken out of the archive.
  SELECT f.shard, (f.data ->> 'project_id')::uuid AS project_id,
    (array_agg(f.data ->> 'name' ORDER BY f.position DESC) FILTER (WHERE f.type = 'project_renamed'))[1] AS name,
    (array_agg(f.type ORDER BY f.position DESC) FILTER (WHERE f.type <> 'project_renamed'))[1] AS moved,
    (array_agg(f.recorded_at ORDER BY f.position DESC) FILTER (WHERE f.type <> 'project_renamed'))[1] AS moved_at
  FROM facts AS f
  WHERE f.type IN ('project_renamed', 'project_archived', 'project_unarchived')
  GROUP BY f.shard, f.data ->> 'project_id'
), projects_created AS (
  INSERT INTO projects (shard, project_id, account_id, name, created_at, archived_at)
  SELECT f.shard, p.project_id, p.account_id, coalesce(c.name, p.name), f.recorded_at,
    CASE c.moved WHEN 'project_archived' THEN c.moved_at END
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS p (project_id uuid, account_id uuid, name text)
  LEFT JOIN project_changes AS c ON c.project_id = p.project_id
  WHERE f.type = 'project_created'
), projects_changed AS (
  UPDATE projects AS p
  SET name = coalesce(c.name, p.name),
    archived_at = CASE c.moved WHEN 'project_archived' THEN c.moved_at WHEN 'project_unarchived' THEN NULL ELSE p.archived_at END
  FROM project_changes AS c
  WHERE p.shard = c.shard AND p.project_id = c.project_id
), link_ends AS (
  SELECT f.shard, (f.data ->> 'link_id')::uuid AS link_id, min(f.recorded_at) AS revoked_at
  FROM facts AS f
  WHERE f.type = 'link_revoked'
  GROUP BY f.shard, f.data ->> 'link_id'
), links_shared AS (
  INSERT INTO links (
    shard, link_id, project_id, account_id, name, mode, filters, hint, hash, shared_by, shared_at, expires_at, revoked_at)
  SELECT f.shard, l.link_id, l.project_id, l.account_id, l.name, l.mode, l.filters, l.hint, l.hash, f.actor_id, f.recorded_at,
    to_timestamp(l.expires_at / 1000.0), e.revoked_at
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS l (
    link_id uuid, project_id uuid, account_id uuid, name text, mode text, filters jsonb, hint text, hash text,
    expires_at bigint)
  LEFT JOIN link_ends AS e ON e.link_id = l.link_id
  WHERE f.type = 'link_shared'
), links_ended AS (
  UPDATE links AS l
  SET revoked_at = e.revoked_at
  FROM link_ends AS e
  WHERE l.shard = e.shard AND l.link_id = e.link_id AND l.revoked_at IS NULL
), key_changes AS (
  SELECT f.shard, (f.data ->> 'key_id')::uuid AS key_id,
    min(f.recorded_at) FILTER (WHERE f.type = 'key_revoked') AS revoked_at,
    min(f.recorded_at) FILTER (WHERE f.type = 'key_rotated') AS rotated_at,
    (array_agg(f.data ORDER BY f.position) FILTER (WHERE f.type = 'key_rotated'))[1] AS rotation
  FROM facts AS f
  WHERE f.type IN ('key_rotated', 'key_revoked')
  GROUP BY f.shard, f.data ->> 'key_id'
), key_ends AS (
  SELECT c.shard, c.key_id, c.revoked_at, c.rotated_at, to_timestamp((c.rotation ->> 'retires_at')::bigint / 1000.0) AS retires_at,
    (c.rotation ->> 'successor_id')::uuid AS successor_id
  FROM key_changes AS c
), keys_issued AS (
  -- A key may be issued, rotated and revoked within one cut.
  INSERT INTO keys (
    shard, key_id, project_id, account_id, name, mode, scopes, hint, hash, issued_at, expires_at,
    revoked_at, rotated_at, retires_at, successor_id)
  SELECT f.shard, k.key_id, k.project_id, k.account_id, k.name, k.mode, k.scopes, k.hint, k.hash, f.recorded_at,
    to_timestamp(k.expires_at / 1000.0), e.revoked_at, e.rotated_at, e.retires_at, e.successor_id
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS k (
    key_id uuid, project_id uuid, account_id uuid, name text, mode text, scopes text[], hint text, hash text,
    expires_at bigint)
  LEFT JOIN key_ends AS e ON e.key_id = k.key_id
  WHERE f.type = 'key_issued'
)
UPDATE keys AS k
SET revoked_at = coalesce(k.revoked_at, e.revoked_at), rotated_at = coalesce(k.rotated_at, e.rotated_at),
  retires_at = coalesce(k.retires_at, e.retires_at), successor_id = coalesce(k.successor_id, e.successor_id)
FROM key_ends AS e
WHERE k.shard = e.shard AND k.key_id = e.key_id;
