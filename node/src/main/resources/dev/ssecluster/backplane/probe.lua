-- Publishes a frame with the last id issued to the node's own channel: hearing it proves all events before it.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  the node's own channel
-- ARGV[3]  number of the probe, 8 bytes in network order: tells it from an older one with the same id
--
-- Answers { now, id, receivers }, times in microseconds; { now } when the epoch is another one or this Redis is no primary.
local VERSION = '\1'

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local seq = redis.call('GET', KEYS[2])
if not seq or redis.call('GET', KEYS[1]) ~= ARGV[1]
    or not string.find(redis.call('INFO', 'replication'), 'role:master', 1, true) then
  return { now }
end
local id = tonumber(seq)
return { now, id, redis.call('PUBLISH', ARGV[2], VERSION .. struct.pack('>I8', id) .. ARGV[3]) }
