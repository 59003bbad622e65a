-- Begins or renews the lease of a node, and says what there is to know about it.
--
-- KEYS[1]  epoch
-- KEYS[2]  nodes: the ends of their leases, microseconds
-- KEYS[3]  what is known about each node
-- KEYS[4]  groups of this node
-- KEYS[5]  when somebody swept last, and until when nobody is given up, microseconds
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  the node, with its incarnation
-- ARGV[3]  life of the lease, microseconds
-- ARGV[4]  what is known about it
-- ARGV[5]  1 if the lease begins, else 0
-- ARGV[6]  1 if the node's groups are told anew, else 0
-- ARGV[7]  the node's former incarnation, whose lease ends now; '': there is none
-- ARGV[8]  number of groups that it has besides
-- then these, and then those that it has no more
--
-- Answers { 1 }; { 0 } when the lease has ended or was lost: nothing was written; { } when the epoch is another one.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local lease = redis.call('ZSCORE', KEYS[2], ARGV[2])
if ARGV[5] == '0' and (not lease or tonumber(lease) < now) then
  return { 0 }
end
redis.call('ZADD', KEYS[2], string.format('%d', now + ARGV[3]), ARGV[2])
redis.call('HSET', KEYS[3], ARGV[2], ARGV[4])
if ARGV[7] ~= '' then
  redis.call('ZADD', KEYS[2], 'XX', 'LT', string.format('%d', now - 1), ARGV[7])
  -- Nobody is given up before the node has had the time to write its streams again.
  local last = string.match(redis.call('GET', KEYS[5]) or '', '^%d+') or now
  redis.call('SET', KEYS[5], string.format('%d %d', last, now + 2 * ARGV[3]))
end
if ARGV[6] == '1' then
  redis.call('DEL', KEYS[4])
end
local last_new = 8 + ARGV[8]
for i = 9, #ARGV do
  redis.call(i <= last_new and 'SADD' or 'SREM', KEYS[4], ARGV[i])
end
return { 1 }
