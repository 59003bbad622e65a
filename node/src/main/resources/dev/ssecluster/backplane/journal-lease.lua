-- Gets or renews the lease for storing what other nodes have left in the journal.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- KEYS[3]  lease: the node that holds it
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  the node that asks
-- ARGV[3]  life of the lease, milliseconds
--
-- Answers { seq, 1 if the node holds the lease now, else 0 }; { } when the epoch is another one.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local holder = redis.call('GET', KEYS[3])
local is_ours = not holder or holder == ARGV[2]
if is_ours then
  redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3])
end
return { tonumber(redis.call('GET', KEYS[2])), is_ours and 1 or 0 }
