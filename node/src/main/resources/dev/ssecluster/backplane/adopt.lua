-- Makes this Redis process the one whose data the cluster trusts. Runs before a connection is used and after every refusal.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- KEYS[3]  born, the first id since which history is trusted
-- KEYS[4]  there while marks of unread counts may be missing
-- ARGV[1]  the highest id that this node has seen, microseconds
-- ARGV[2]  the highest id in the store, microseconds; 0: it is not known; '': it was not asked yet
--
-- Answers { epoch, seq, now }, both in microseconds; { } when it must know the highest id in the store: nothing was written.
local MARGIN = 10000000 -- 10 s: beyond ids that somebody else may have seen before the data was lost
local UNMARKED = 60000 -- ms: longer than any transaction whose mark may be lost

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if not string.find(redis.call('INFO', 'replication'), 'role:master', 1, true) then
  return redis.error_reply('READONLY this Redis is a replica: connect to its primary')
end
local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local seen = tonumber(ARGV[1])
local seq = tonumber(redis.call('GET', KEYS[2])) or 0

if redis.call('GET', KEYS[1]) ~= run_id or seq < seen or seq == 0 then
  if ARGV[2] == '' then
    return { }
  end
  seq = math.max(now, seq, seen, tonumber(ARGV[2])) + MARGIN
  local text = string.format('%d', seq)
  redis.call('SET', KEYS[2], text)
  redis.call('SET', KEYS[3], text)
  redis.call('SET', KEYS[4], '', 'PX', UNMARKED)
  redis.call('SET', KEYS[1], run_id)
end
return { run_id, seq, now }
