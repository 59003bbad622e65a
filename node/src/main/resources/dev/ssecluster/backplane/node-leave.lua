-- Ends the lease of a node that stops. Where it has left streams behind, the lease is left to end by itself: then they are removed.
--
-- KEYS[1]  epoch
-- KEYS[2]  nodes: the ends of their leases
-- KEYS[3]  what is known about each node
-- KEYS[4]  groups of this node
-- KEYS[5]  users of this node
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  the node, with its incarnation
--
-- Answers { 1 if it has left nothing behind, else 0 }; { } when the epoch is another one: nothing was written.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
if redis.call('EXISTS', KEYS[5]) == 1 then
  return { 0 }
end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[2])
redis.call('DEL', KEYS[4])
return { 1 }
