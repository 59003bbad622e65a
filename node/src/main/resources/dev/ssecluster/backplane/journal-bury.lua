-- Puts an event aside that the database refuses for good.
--
-- KEYS[1]  epoch
-- KEYS[2]  dead letters
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  dead letters kept, about
-- ARGV[3]  the event's channel
-- ARGV[4]  its frame
-- ARGV[5]  why it was refused
--
-- Answers { entry }; { } when the epoch is another one: nothing was written.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
return { redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'c', ARGV[3], 'f', ARGV[4], 'reason', ARGV[5]) }
