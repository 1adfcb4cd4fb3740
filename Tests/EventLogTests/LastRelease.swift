/// What made a log of the last release another than this one's, for tests of its migration.
enum LastRelease {
  /// Gives a log's tables, types and functions the shapes that they had: no meter knows of test events, nor any quota.
  static let shapes = """
    DROP TABLE log.steps;
    DELETE FROM log.meters WHERE mode = 'test';
    ALTER TABLE log.meters DROP CONSTRAINT meters_pkey, DROP COLUMN mode, ADD PRIMARY KEY (shard, account_id, month);
    ALTER TABLE log.quotas ADD COLUMN monthly_quota bigint;
    UPDATE log.quotas SET monthly_quota = (terms ->> 'monthly_quota')::bigint;
    ALTER TABLE log.quotas ALTER COLUMN monthly_quota SET NOT NULL, DROP COLUMN terms;
    ALTER TABLE log.meters ADD COLUMN threshold_reached boolean NOT NULL DEFAULT false,
      ADD COLUMN exceeded boolean NOT NULL DEFAULT false;
    UPDATE log.meters SET threshold_reached = threshold_quotas <> '{}', exceeded = exceeded_quotas <> '{}';
    ALTER TABLE log.meters DROP COLUMN threshold_quotas, DROP COLUMN exceeded_quotas;
    DROP FUNCTION log.recount_meters(integer, bigint);
    DROP TYPE log.meter_fact CASCADE;
    DROP FUNCTION log.usage_pieces(integer, bigint, bigint, uuid, text, text, timestamptz);
    DROP FUNCTION log.remember_tallies(integer, text[]);
    DROP FUNCTION log.test_quota(text);
    CREATE TYPE log.meter_fact AS (
      account_id uuid, month text, quota_position bigint, monthly_quota bigint, first_position bigint,
      used bigint, refused bigint, threshold_reached boolean, exceeded boolean);
    CREATE FUNCTION log.meter_facts(shard integer, after bigint, upto bigint) RETURNS SETOF log.meter_fact
    LANGUAGE sql AS 'SELECT NULL::log.meter_fact WHERE false';
    CREATE FUNCTION log.fold_meters(shard integer, facts log.meter_fact[])
    RETURNS TABLE (
      shard integer, account_id uuid, month text, used bigint, quota bigint, refused bigint, threshold_reached boolean,
      exceeded boolean)
    LANGUAGE sql AS 'SELECT m.* FROM log.meters AS m WHERE false';
    CREATE FUNCTION log.recount_meters(shard integer, upto bigint)
    RETURNS TABLE (
      shard integer, account_id uuid, month text, used bigint, quota bigint, refused bigint, threshold_reached boolean,
      exceeded boolean)
    LANGUAGE sql AS 'SELECT m.* FROM log.meters AS m WHERE false';
    CREATE FUNCTION log.usage_pieces(
      shard integer, after bigint, upto bigint, account_id uuid, month text, shown_at timestamptz)
    RETURNS TABLE (
      day text, is_late boolean, project_id uuid, key_id uuid, void_id uuid, reason text, events bigint,
      first_position bigint, last_position bigint)
    LANGUAGE sql AS 'SELECT NULL, NULL::boolean, NULL::uuid, NULL::uuid, NULL::uuid, NULL, 0, 0, 0 WHERE false';
    -- A replay that died has left a view over the type.
    CREATE SCHEMA meters_replay;
    CREATE VIEW meters_replay.meters AS SELECT m.* FROM log.fold_meters(0, ARRAY[]::log.meter_fact[]) AS m;
    """
}
