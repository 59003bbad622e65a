-- Keeps a user or client id away.
--
-- KEYS[1]  epoch
-- KEYS[2]  the block
-- KEYS[3]  there while somebody may be blocked
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  how long, milliseconds
-- ARGV[3]  1 if clients shall not come back afterwards, else 0
--
-- Answers { 1 }; { } when the epoch is another one: nothing was written.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local ends = time[1] * 1000000 + time[2] + ARGV[2] * 1000
if redis.call('PTTL', KEYS[3]) < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[3], '', 'PX', ARGV[2])
end
redis.call('SET', KEYS[2], string.format('%d %s', ends, ARGV[3]), 'PX', ARGV[2])
return { 1 }
