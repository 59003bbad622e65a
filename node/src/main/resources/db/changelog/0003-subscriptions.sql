--liquibase formatted sql
-- For MySQL 8/9 and MariaDB, on new tables as well as on those of a predecessor. One statement each: they cannot be rolled back.

-- A user has one subscription to a group. Of several, which only a predecessor without the key can have, the newest counts.
--changeset sse-cluster:0003-subscription-repeated
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_subscription' AND index_name = 'idx_user_group'
DELETE older FROM app_sse_subscription older JOIN app_sse_subscription newer
  ON newer.user_id = older.user_id AND newer.group_name = older.group_name AND newer.id > older.id;

--changeset sse-cluster:0003-subscription-user-group
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_subscription' AND index_name = 'idx_user_group'
CREATE UNIQUE INDEX idx_user_group ON app_sse_subscription (user_id, group_name);

-- A predecessor may have left it empty, which meant enabled.
--changeset sse-cluster:0003-subscription-status
UPDATE app_sse_subscription SET status = 1 WHERE status IS NULL;

--changeset sse-cluster:0003-subscription-status-required
ALTER TABLE app_sse_subscription MODIFY status TINYINT NOT NULL DEFAULT 1 COMMENT '0 disabled, 1 enabled';

-- Who made it is not known of a predecessor's: then the user has to have the right.
--changeset sse-cluster:0003-subscription-self-made
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'app_sse_subscription' AND column_name = 'self_made'
ALTER TABLE app_sse_subscription
  ADD COLUMN self_made TINYINT NOT NULL DEFAULT 1 COMMENT '1: made by the user, whose token must have the group at each open; 0: made for the user';
