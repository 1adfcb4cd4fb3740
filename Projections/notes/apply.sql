-- One pass for all tables. The type is looked at before anything is unfolded, so that telemetry, nearly all of the log, costs a look per
-- unit. What is added and taken away within one cut is never written: no id is given twice, so its end is always the last of it.
WITH facts AS MATERIALIZED (
  SELECT u.shard, u.position, u.recorded_at, u.type, u.account_id, u.project_id, (u.unit ->> 'actor_id')::uuid AS actor_id,
    u.data -> 0 AS data
  FROM log.read_units($1, $2, $3) AS u
  WHERE u.type IN (
    'view_saved', 'view_removed', 'annotation_added', 'annotation_removed', 'tier_changed', 'quota_threshold_reached',
    'quota_exceeded')
), views_ended AS MATERIALIZED (
  -- Removed, or replaced by another of the same name.
  SELECT f.shard, f.project_id, (f.data ->> 'view_id')::uuid AS view_id
  FROM facts AS f
  WHERE f.type = 'view_removed'
  UNION
  SELECT f.shard, f.project_id, (f.data ->> 'replaces_id')::uuid
  FROM facts AS f
  WHERE f.type = 'view_saved' AND f.data ->> 'replaces_id' IS NOT NULL
), views_removed AS (
  DELETE FROM views AS v
  USING views_ended AS e
  WHERE v.shard = e.shard AND v.project_id = e.project_id AND v.view_id = e.view_id
), views_saved AS (
  INSERT INTO views (shard, project_id, view_id, name, query, saved_by, saved_at)
  SELECT f.shard, f.project_id, (f.data ->> 'view_id')::uuid, f.data ->> 'name', f.data ->> 'query', f.actor_id, f.recorded_at
  FROM facts AS f
  WHERE f.type = 'view_saved' AND NOT EXISTS (
    SELECT FROM views_ended AS e
    WHERE e.project_id = f.project_id AND e.view_id = (f.data ->> 'view_id')::uuid)
), annotations_ended AS MATERIALIZED (
  SELECT f.shard, f.project_id, (f.data ->> 'annotation_id')::uuid AS annotation_id
  FROM facts AS f
  WHERE f.type = 'annotation_removed'
), annotations_removed AS (
  DELETE FROM annotations AS a
  USING annotations_ended AS e
  WHERE a.shard = e.shard AND a.project_id = e.project_id AND a.annotation_id = e.annotation_id
), annotations_added AS (
  INSERT INTO annotations (shard, project_id, annotation_id, at, until, text, added_by, added_at)
  SELECT f.shard, f.project_id, (f.data ->> 'annotation_id')::uuid, to_timestamp((f.data ->> 'at')::bigint / 1000.0),
    to_timestamp((f.data ->> 'until')::bigint / 1000.0), f.data ->> 'text', f.actor_id, f.recorded_at
  FROM facts AS f
  WHERE f.type = 'annotation_added' AND NOT EXISTS (
    SELECT FROM annotations_ended AS e
    WHERE e.project_id = f.project_id AND e.annotation_id = (f.data ->> 'annotation_id')::uuid)
)
INSERT INTO account_marks (shard, account_id, position, at, kind, tier, quota)
SELECT f.shard, f.account_id, f.position, f.recorded_at, f.type, f.data ->> 'tier', (f.data ->> 'limit')::bigint
FROM facts AS f
WHERE f.type IN ('tier_changed', 'quota_threshold_reached', 'quota_exceeded');
