-- Keeps a user's unread count, if nothing has changed since the lease was given.
--
-- KEYS[1]  epoch
-- KEYS[2]  there while marks may be missing
-- KEYS[3]  the user's marks
-- KEYS[4]  count
-- KEYS[5]  lease
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  the lease
-- ARGV[3]  the count
-- ARGV[4]  when the first of the messages expires, microseconds; 0: never
-- ARGV[5]  life of a count at most, milliseconds
--
-- Answers { 1 } if it is kept, else { 0 }; { } when the epoch is another one.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if string.match(ARGV[2], '^%x+') ~= ARGV[1] or redis.call('GET', KEYS[5]) ~= ARGV[2]
    or redis.call('EXISTS', KEYS[2]) == 1
    or redis.call('ZCOUNT', KEYS[3], string.format('(%d', now), '+inf') > 0 then
  return { 0 }
end
redis.call('DEL', KEYS[5])
local life, expiry = tonumber(ARGV[5]), tonumber(ARGV[4])
if expiry > 0 then
  life = math.min(life, math.floor((expiry - now) / 1000))
end
if life <= 0 then
  return { 0 }
end
redis.call('SET', KEYS[4], ARGV[1] .. ':' .. ARGV[3] .. ':' .. ARGV[4], 'PX', string.format('%d', life))
return { 1 }
