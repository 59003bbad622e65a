-- Reads who a user is connected as.
--
-- KEYS[1]  epoch
-- KEYS[2]  nodes: the ends of their leases, microseconds
-- KEYS[3]  the user's leases
-- KEYS[4]  when the user was last seen
-- KEYS[5]  users announced as online
-- The keys of clients are made of what the leases say.
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  connections, at most
-- ARGV[3]  the user
--
-- Answers { now, last seen (microseconds, 0: not known), 1 if announced as online, else 0, then for each connection: connection, client id, node with its
-- incarnation, what is known about it }; { } when the epoch is another one.
local MEMBER = '^(%S+) (%S+) (.*)$' -- connection, node, client id

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local now_text = string.format('%d', now)
local live = { }
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], now_text, '+inf')) do
  live[node] = true
end
local answer = { now, tonumber(redis.call('GET', KEYS[4]) or 0), redis.call('SISMEMBER', KEYS[5], ARGV[3]) }
local head = #answer
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. now_text, '+inf')) do
  local connection, node, client = string.match(member, MEMBER)
  if live[node] and #answer < head + 4 * ARGV[2] then
    local info = redis.call('HGET', 'sse:{0}:client:' .. client, connection)
    local n = #answer
    answer[n + 1], answer[n + 2], answer[n + 3] = connection, client, node
    answer[n + 4] = string.match(info or '', '^%S+ (.*)$') or ''
  end
end
return answer
