-- Whether an invitation still waits for its answer: nobody is to be asked to accept what was taken back.
CREATE OR REPLACE FUNCTION operations.invitation_is_open(shard integer, stream text, invitation uuid)
RETURNS boolean
LANGUAGE sql
STABLE
AS $$
  SELECT NOT EXISTS (
    SELECT
    FROM log.read_stream(invitation_is_open.shard, invitation_is_open.stream, 0) AS s
    WHERE s.type IN ('invitation_accepted', 'invitation_revoked')
      AND (s.data ->> 'invitation_id')::uuid = invitation_is_open.invitation)
$$;
