\set project random(1, 1000)
BEGIN;
INSERT INTO baseline.events VALUES (gen_random_uuid(), 'p' || :project,
  '/v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail', 'GET', 200, 247.7829, now());
INSERT INTO baseline.usage VALUES ('p' || :project, date_trunc('month', now())::date, 1)
ON CONFLICT (project, month) DO UPDATE SET used = usage.used + 1;
COMMIT;
