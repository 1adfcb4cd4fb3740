-- Everybody may see how far the read models are; only their owner moves them.
GRANT USAGE ON SCHEMA projector TO recount_server, recount_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA projector TO recount_server, recount_auditor;
