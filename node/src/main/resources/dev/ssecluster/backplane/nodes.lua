-- Reads which nodes there are, and how much they have together.
--
-- KEYS[1]  epoch
-- KEYS[2]  nodes: the ends of their leases, microseconds
-- KEYS[3]  what is known about each node
-- KEYS[4]  users announced as online
-- The keys of the nodes' groups are made of their names.
-- ARGV[1]  the epoch that the caller expects
-- ARGV[2]  groups that are counted at most
--
-- Answers { now (microseconds), users, groups (-1: too many to be counted), then for each node its name with its incarnation, and what
-- is known about it }; { } when the epoch is another one.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local nodes = redis.call('ZRANGEBYSCORE', KEYS[2], string.format('%d', now), '+inf')

local function groups()
  local keys, names = { }, 0
  for i, node in ipairs(nodes) do
    keys[i] = 'sse:{0}:node-groups:' .. node
    names = names + redis.call('SCARD', keys[i])
  end
  if names > tonumber(ARGV[2]) then
    return -1
  end
  return #keys > 1 and #redis.call('SUNION', unpack(keys)) or names
end

local answer = { now, redis.call('SCARD', KEYS[4]), groups() }
for i, node in ipairs(nodes) do
  answer[2 * i + 2], answer[2 * i + 3] = node, redis.call('HGET', KEYS[3], node) or ''
end
return answer
