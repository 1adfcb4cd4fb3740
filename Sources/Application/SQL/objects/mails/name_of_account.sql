-- What an account is called by now; NULL where nobody has named it.
CREATE OR REPLACE FUNCTION operations.name_of_account(shard integer, stream text)
RETURNS text
LANGUAGE sql
STABLE
AS $$
  SELECT s.data ->> 'name'
  FROM log.read_stream(name_of_account.shard, name_of_account.stream, 0) AS s
  WHERE s.type = 'account_named'
  ORDER BY s.stream_version DESC
  LIMIT 1
$$;
