-- The attempt was a right one. What counts against the address is forgotten; of what counts against the client, only this
-- attempt: who knows one password must not guess others any faster for it.
CREATE OR REPLACE FUNCTION operations.give_attempt_back(forgotten text, reduced text) RETURNS void
LANGUAGE sql
AS $$
  DELETE FROM operations.throttles AS t WHERE t.key = give_attempt_back.forgotten;
  UPDATE operations.throttles AS t
  SET attempts = greatest(t.attempts - 1, 0), blocked_until = 0
  WHERE t.key = give_attempt_back.reduced;
$$;
