-- Measures the journal.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- KEYS[3]  journal
-- ARGV[1]  the epoch that the caller expects
--
-- Answers { seq, entries, age of the oldest in microseconds, settled }, the age by its id; settled: the id before the oldest, or
-- seq when there is none. { } when the epoch is another one.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local seq = tonumber(redis.call('GET', KEYS[2]))
local first = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
if not first then
  return { seq, 0, 0, seq }
end
local id = tonumber(string.match(first[1], '^%d+'))
local age = time[1] * 1000000 + time[2] - id
return { seq, redis.call('XLEN', KEYS[3]), math.max(age, 0), id - 1 } -- ids may be ahead of the clock
