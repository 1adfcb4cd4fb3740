-- The attempt was a right one. What counts against who made it at this address is forgotten; of what counts against the client and
-- the address as a whole, only this attempt: who knows one password must not guess others any faster for it. In the order in which
-- the attempt was taken, so that none waits for another that waits for it.
CREATE OR REPLACE FUNCTION operations.give_attempt_back(keys text[], forgotten text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  FOR k IN 1 .. cardinality(give_attempt_back.keys) LOOP
    IF give_attempt_back.keys[k] = give_attempt_back.forgotten THEN
      DELETE FROM operations.throttles AS t WHERE t.key = give_attempt_back.forgotten;
    ELSE
      UPDATE operations.throttles AS t
      SET attempts = greatest(t.attempts - 1, 0), day_attempts = greatest(t.day_attempts - 1, 0), blocked_until = 0
      WHERE t.key = give_attempt_back.keys[k];
    END IF;
  END LOOP;
END
$$;
