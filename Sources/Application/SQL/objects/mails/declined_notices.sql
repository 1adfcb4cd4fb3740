-- What a person wants no mails about, as they said last; NULL for one who has said nothing.
CREATE OR REPLACE FUNCTION operations.declined_notices(shard integer, stream text)
RETURNS text[]
LANGUAGE sql
STABLE
AS $$
  SELECT ARRAY(SELECT jsonb_array_elements_text((s.data -> 'declined')::jsonb))
  FROM log.read_stream(declined_notices.shard, declined_notices.stream, 0) AS s
  WHERE s.type = 'notice_preferences_set'
  ORDER BY s.stream_version DESC
  LIMIT 1
$$;
