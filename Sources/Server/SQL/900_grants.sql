GRANT USAGE ON SCHEMA operations TO recount_server, recount_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA operations TO recount_server;
GRANT SELECT ON ALL TABLES IN SCHEMA operations TO recount_auditor;
