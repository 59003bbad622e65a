--liquibase formatted sql
-- For MySQL 8/9 and MariaDB, on new tables as well as on those of a predecessor. One statement each: they cannot be rolled back.

-- Ids are case-sensitive, and dates have microseconds. Groups and broadcasts have no receiver.
--changeset sse-cluster:0002-message-dates
UPDATE app_sse_message SET created_at = COALESCE(created_at, updated_at, UTC_TIMESTAMP()), updated_at = COALESCE(updated_at, created_at)
  WHERE created_at IS NULL OR updated_at IS NULL;

--changeset sse-cluster:0002-message-text
ALTER TABLE app_sse_message
  ENGINE = InnoDB,
  CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  MODIFY receiver_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  MODIFY group_name  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  MODIFY expire_at   DATETIME(6) NULL,
  MODIFY created_at  DATETIME(6) NOT NULL,
  MODIFY updated_at  DATETIME(6) NOT NULL;

--changeset sse-cluster:0002-subscription-text
ALTER TABLE app_sse_subscription
  ENGINE = InnoDB,
  CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  MODIFY created_at DATETIME(6) NOT NULL,
  MODIFY updated_at DATETIME(6) NOT NULL;

-- Marking as read; the id of a predecessor's event; no id stored twice.
--changeset sse-cluster:0002-message-event-id
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_message' AND index_name = 'idx_event_id'
CREATE UNIQUE INDEX idx_event_id ON app_sse_message (event_id);

-- Retention.
--changeset sse-cluster:0002-message-expire-at
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_message' AND index_name = 'idx_expire_at'
CREATE INDEX idx_expire_at ON app_sse_message (expire_at);

-- Replay and inbox of users and client ids.
--changeset sse-cluster:0002-message-receiver-id
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_message' AND index_name = 'idx_receiver_id'
CREATE INDEX idx_receiver_id ON app_sse_message (receiver_type, receiver_id, id);

-- Pending, and the number of unread messages, which this index answers alone.
--changeset sse-cluster:0002-message-receiver-status
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_message' AND index_name = 'idx_receiver_status'
CREATE INDEX idx_receiver_status ON app_sse_message (receiver_type, receiver_id, status, id, expire_at);

-- Replay of groups.
--changeset sse-cluster:0002-message-group-id
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_message' AND index_name = 'idx_group_id'
CREATE INDEX idx_group_id ON app_sse_message (receiver_type, group_name, id);

-- Replay of broadcasts: a predecessor may have given them a receiver or a group.
--changeset sse-cluster:0002-message-type-id
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'app_sse_message' AND index_name = 'idx_type_id'
CREATE INDEX idx_type_id ON app_sse_message (receiver_type, id);

--changeset sse-cluster:0002-position
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'app_sse_position'
CREATE TABLE app_sse_position (
  owner_type VARCHAR(20) NOT NULL COMMENT 'user or client',
  owner_id   VARCHAR(64) NOT NULL,
  normal     BIGINT      NOT NULL COMMENT 'every message of priority 0 up to this id was served',
  high       BIGINT      NOT NULL COMMENT 'priority 1',
  urgent     BIGINT      NOT NULL COMMENT 'priority 2',
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (owner_type, owner_id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who runs the retention; as ShedLock wants it.
--changeset sse-cluster:0002-shedlock
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'shedlock'
CREATE TABLE shedlock (
  name       VARCHAR(64)  NOT NULL,
  lock_until DATETIME(3)  NOT NULL,
  locked_at  DATETIME(3)  NOT NULL,
  locked_by  VARCHAR(255) NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB CHARACTER SET utf8mb4;
