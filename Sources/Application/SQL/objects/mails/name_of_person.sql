-- A person's sealed name as it is by now; NULL for one who has given none.
CREATE OR REPLACE FUNCTION operations.name_of_person(shard integer, stream text)
RETURNS text
LANGUAGE sql
STABLE
AS $$
  SELECT s.data ->> 'name_sealed'
  FROM log.read_stream(name_of_person.shard, name_of_person.stream, 0) AS s
  WHERE s.type = 'profile_changed'
  ORDER BY s.stream_version DESC
  LIMIT 1
$$;
