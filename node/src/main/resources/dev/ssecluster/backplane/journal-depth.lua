-- Measures the journal.
--
-- KEYS[1]  epoch
-- KEYS[2]  journal
-- ARGV[1]  the epoch that the caller expects
--
-- Answers { entries, age of the oldest in microseconds }, the age by its id; { } when the epoch is another one.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
if not first then
  return { 0, 0 }
end
local age = time[1] * 1000000 + time[2] - tonumber(string.match(first[1], '^%d+'))
return { redis.call('XLEN', KEYS[2]), math.max(age, 0) } -- ids may be ahead of the clock
