-- For databases from before there were corrections. Looked up first: ALTER TABLE would wait for every step under way.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = 'projector.checkpoints'::regclass AND attname = 'foresight')
  THEN
    ALTER TABLE projector.checkpoints ADD COLUMN foresight bigint NOT NULL DEFAULT 0;
  END IF;
END
$$;
