-- Who may do what. Each process has a login of its own that is a member of one of these roles and owns nothing, so that a fault
-- in it cannot change a fact: the database itself refuses (promise 1). The roles can't log in, and the logins are the
-- operator's: tools/run makes them for the private database, the README says how for another. A process that is given the
-- owner's login gives up its rights at once (SET ROLE, the first thing on a new connection), but could take them back; it
-- says so at its start.
--   recount_server     appends through log.append() and reads
--   recount_projector  reads the log, owns the read models
--   recount_auditor    reads
--   recount_archiver   reads, and lets a month go for the archive that holds it
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['recount_server', 'recount_projector', 'recount_auditor', 'recount_archiver'] LOOP
    BEGIN
      -- Roles belong to the cluster, not the database: another database's log may have made them.
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- made by another migration at the same moment
    END;
    IF NOT pg_has_role(current_user, role, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', role);
    END IF;
  END LOOP;
  -- The archiver reads what an auditor reads, read models' progress included.
  IF NOT pg_has_role('recount_archiver', 'recount_auditor', 'MEMBER') THEN
    GRANT recount_auditor TO recount_archiver;
  END IF;
END
$$;

REVOKE ALL ON SCHEMA log FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO recount_server, recount_projector, recount_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA log TO recount_server, recount_projector, recount_auditor;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA log TO recount_server, recount_projector, recount_auditor;
-- Of these, only the server writes; the functions that the append calls run with its rights and need no grant.
REVOKE EXECUTE ON FUNCTION log.append(integer, jsonb, text[]) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.ensure_partitions(date, integer) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.forget_ids(date, integer) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.grow_tree(integer, integer) FROM recount_projector, recount_auditor;
REVOKE EXECUTE ON FUNCTION log.keep_checkpoint(integer, bigint, text, bigint, bytea, bytea, timestamptz, text)
FROM recount_projector, recount_auditor;
-- Removing a month is the archiver's right alone.
REVOKE EXECUTE ON FUNCTION log.drop_archived_month(date, jsonb) FROM recount_server, recount_projector, recount_auditor;
GRANT EXECUTE ON FUNCTION log.drop_archived_month(date, jsonb), log.grow_tree(integer, integer) TO recount_archiver;

-- Read models are built, rebuilt beside the live one and swapped by the projector.
DO $$
BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO recount_projector', current_database());
END
$$;

GRANT USAGE ON SCHEMA vault TO recount_server;
GRANT SELECT ON vault.secrets TO recount_server;
GRANT SELECT, INSERT, UPDATE (key) ON vault.keys TO recount_server;
REVOKE DELETE ON vault.keys FROM recount_server; -- granted once; a deleted row would let a key be drawn anew
