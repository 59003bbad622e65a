-- Asks all nodes that have a channel. The frame's id is the last one issued: it has its place among the events.
--
-- KEYS[1]  epoch
-- KEYS[2]  seq, the last id issued
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  deadline (microseconds, Redis TIME): after it the caller has told others that nobody was asked
-- ARGV[3]  channel
-- ARGV[4]  frame, from behind the id on
--
-- Answers { nodes that were asked }, or { -1 } past the deadline; { } when the epoch is another one: nobody was asked.
local VERSION = '\2' -- of requests; nodes that do not know them skip it

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
if time[1] * 1000000 + time[2] > tonumber(ARGV[2]) then
  return { -1 }
end
local seq = tonumber(redis.call('GET', KEYS[2]))
return { redis.call('PUBLISH', ARGV[3], VERSION .. struct.pack('>I8', seq) .. ARGV[4]) }
