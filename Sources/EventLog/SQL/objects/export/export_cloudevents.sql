-- Events as CloudEvents 1.0, one JSON object a line, in order of position. What a unit says beyond the standard's attributes comes
-- as extension attributes, whose names the standard wants in lower case letters and digits; an event leaves out those it has not.
CREATE OR REPLACE FUNCTION log.export_cloudevents(
  shard integer, after bigint, upto bigint,
  account_id uuid, project_id uuid, recorded_from timestamptz, recorded_before timestamptz, type text
)
RETURNS TABLE (line text)
LANGUAGE sql
STABLE
AS $$
  -- Materialized: what the events of a unit share is written once for all of them.
  WITH units AS MATERIALIZED (
    SELECT u.shard, u.position, u.data,
      concat_ws(', ',
        format('"source": "/recount/shards/%s"', u.shard),
        format('"type": "dev.recount.%s.v%s"', u.type, u.version),
        format('"time": "%s"', to_char(u.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
        '"subject": ' || to_json(nullif(concat_ws('/', u.account_id, u.project_id), '')),
        format('"dataschema": "urn:recount:event:%s.v%s"', u.type, u.version),
        '"datacontenttype": "application/json"',
        '"keyid": ' || to_json(u.key_id),
        '"mode": ' || to_json(u.mode),
        '"month": ' || to_json(u.month),
        '"stream": ' || to_json(u.stream),
        '"streamversion": ' || u.stream_version) AS attributes
    FROM log.export_units(
      export_cloudevents.shard, export_cloudevents.after, export_cloudevents.upto, export_cloudevents.account_id,
      export_cloudevents.project_id, export_cloudevents.recorded_from, export_cloudevents.recorded_before,
      export_cloudevents.type) AS u
  )
  SELECT format(
    '{"specversion": "1.0", "id": "%s/%s", %s, "data": %s}', u.shard, u.position + e.k - 1, u.attributes, e.event)
  FROM units AS u, jsonb_array_elements(u.data) WITH ORDINALITY AS e (event, k)
  ORDER BY u.position, e.k
$$;
