-- The units at after < position <= upto that an export asks for; a filter that is NULL lets all pass. Inlined into the exports.
CREATE OR REPLACE FUNCTION log.export_units(
  shard integer, after bigint, upto bigint,
  account_id uuid, project_id uuid, recorded_from timestamptz, recorded_before timestamptz, type text
)
RETURNS TABLE (
  shard integer, "position" bigint, recorded_at timestamptz, type text, version integer, stream text, stream_version integer,
  account_id uuid, project_id uuid, key_id uuid, mode text, month text, data jsonb
)
LANGUAGE sql
STABLE
AS $$
  SELECT u.shard, u.position, u.recorded_at, u.type, u.version, u.stream, u.stream_version,
    u.account_id, u.project_id, u.key_id, u.mode, u.month,
    u.unit -> 'data' -- as it was recorded, not lifted to the current version: it must match the schema that it names
  FROM log.read_units(export_units.shard, export_units.after, export_units.upto) AS u
  WHERE (export_units.account_id IS NULL OR u.account_id = export_units.account_id)
    AND (export_units.project_id IS NULL OR u.project_id = export_units.project_id)
    AND (export_units.recorded_from IS NULL OR u.recorded_at >= export_units.recorded_from)
    AND (export_units.recorded_before IS NULL OR u.recorded_at < export_units.recorded_before)
    AND (export_units.type IS NULL OR u.type = export_units.type)
$$;
