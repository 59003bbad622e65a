--liquibase formatted sql
-- For MySQL 8/9 and MariaDB. Dates are UTC. A table that exists already is left as it is.

--changeset sse-cluster:0001-message
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'app_sse_message'
CREATE TABLE app_sse_message (
  id            BIGINT       NOT NULL COMMENT 'microseconds since the epoch, given by Redis',
  event_id      VARCHAR(64)  NOT NULL,
  event_type    VARCHAR(64)  NOT NULL,
  receiver_id   VARCHAR(64)  NULL,
  receiver_type VARCHAR(20)  NOT NULL COMMENT 'user, client, group or broadcast',
  group_name    VARCHAR(64)  NULL,
  priority      TINYINT      NOT NULL DEFAULT 0 COMMENT '0 normal, 1 high, 2 urgent',
  data          TEXT         NULL,
  status        TINYINT      NOT NULL DEFAULT 0 COMMENT '0 pending, 1 sent, 2 read',
  expire_at     DATETIME     NULL,
  created_at    DATETIME     NOT NULL,
  updated_at    DATETIME     NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY idx_event_id (event_id),
  KEY idx_event_type (event_type),
  KEY idx_receiver_created (receiver_id, created_at),
  KEY idx_group_created (group_name, created_at),
  KEY idx_expire_at (expire_at)
) CHARACTER SET utf8mb4;

--changeset sse-cluster:0001-subscription
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'app_sse_subscription'
CREATE TABLE app_sse_subscription (
  id          BIGINT       NOT NULL AUTO_INCREMENT,
  user_id     VARCHAR(64)  NOT NULL,
  group_name  VARCHAR(64)  NOT NULL,
  event_types VARCHAR(255) NULL,
  status      TINYINT      NOT NULL DEFAULT 1 COMMENT '0 disabled, 1 enabled',
  created_at  DATETIME     NOT NULL,
  updated_at  DATETIME     NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY idx_user_group (user_id, group_name),
  KEY idx_group_status (group_name, status)
) CHARACTER SET utf8mb4;
