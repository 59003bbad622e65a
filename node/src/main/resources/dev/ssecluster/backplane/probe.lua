-- Publishes a frame with an id that has passed to the node's own channel: hearing it proves all events up to it. That id is raised
-- to the time, so that whoever is served is not too far behind for history merely because nothing was sent for a while.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued; raised to now
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
if id < now and not redis.pcall('SET', KEYS[2], string.format('%d', now)).err then -- a full Redis refuses it
  id = now
end
return { now, id, redis.call('PUBLISH', ARGV[2], VERSION .. struct.pack('>I8', id) .. ARGV[3]) }
