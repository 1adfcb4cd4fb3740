GRANT USAGE ON SCHEMA operations TO recount_server, recount_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA operations TO recount_server;
GRANT SELECT ON ALL TABLES IN SCHEMA operations TO recount_auditor;
-- What has run is the migration's to say.
REVOKE INSERT, UPDATE, DELETE ON operations.steps FROM recount_server;
-- It ends backends with its owner's rights.
REVOKE EXECUTE ON FUNCTION operations.end_hung_job(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operations.end_hung_job(text) TO recount_server;
