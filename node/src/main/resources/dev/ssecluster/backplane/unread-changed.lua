-- After the commit of what changed a user's unread count: drops it, removes the mark, and tells all nodes.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- KEYS[3]  the user's marks
-- KEYS[4]  count
-- KEYS[5]  lease
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  the mark
-- ARGV[3]  the user's channel
-- ARGV[4]  frame, from behind the id on, that says that the unread count has changed
--
-- Answers { nodes that were told }; { } when the epoch is another one: nothing was written.
local VERSION = '\1'

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('DEL', KEYS[4], KEYS[5])
local seq = tonumber(redis.call('GET', KEYS[2]))
return { redis.call('PUBLISH', ARGV[3], VERSION .. struct.pack('>I8', seq) .. ARGV[4]) }
