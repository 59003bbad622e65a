-- Removes what dead nodes have left, and announces users who came or went. Comparing, remembering and publishing are one step, so
-- each transition is announced once, whichever node looks, and none is forgotten: a user announced as online is always among those
-- to be looked at.
--
-- KEYS[1]   epoch
-- KEYS[2]   seq, the last id issued
-- KEYS[3]   nodes: the ends of their leases, microseconds
-- KEYS[4]   what is known about each node
-- KEYS[5]   users announced as online
-- KEYS[6]   users to look at, and when, microseconds
-- KEYS[7]   when this script ran last, and until when nobody is given up, microseconds
-- The keys of users, clients and dead nodes are made of what the others have.
-- ARGV[1]   the epoch that the caller expects
-- ARGV[2]   users to look at, at most
-- ARGV[3]   time without a stream after which a user is offline, microseconds
-- ARGV[4]   life of a node's lease, microseconds
-- ARGV[5]   a longer pause than this means that Redis was away, microseconds
-- ARGV[6]   how long it is known when a user was last seen, milliseconds
-- ARGV[7]   history window, microseconds
-- ARGV[8]   frame of an event, from behind the id up to its data
--
-- Answers { users announced as online, as offline, streams of dead nodes removed, 1 if there is more to do now, else 0 };
-- { } when the epoch is another one: nothing was written.
local VERSION = '\1'
local CLIENT, ONLINE, SEEN = 'sse:{0}:client:', 'sse:{0}:online:', 'sse:{0}:seen:'
local NODE_USERS, NODE_GROUPS = 'sse:{0}:node-users:', 'sse:{0}:node-groups:'
local CHANNEL, HISTORY = 'sse:{0}:group:presence:', 'sse:{0}:hist:group:presence:'
local MEMBER = '^(%S+) (%S+) (.*)$' -- connection, node, client id
local PAGE = 100

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local call, format, match = redis.call, string.format, string.match
local time = call('TIME')
local now = time[1] * 1000000 + time[2]
local now_text = format('%d', now)
local most, grace, node_life, pause = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local came, went, removed = 0, 0, 0
local next_id, oldest, expire_at -- of the events of this call

-- While Redis was away no node could renew its lease. They get the time to do so before anybody counts as gone.
local last, hold = match(call('GET', KEYS[7]) or '', '^(%d+) (%d+)$')
hold = math.min(tonumber(hold or 0), now + 2 * node_life) -- the clock may have been set back
if last and now - last > pause then
  hold = now + 2 * node_life
end
call('SET', KEYS[7], format('%d %d', now, hold))
local is_holding = now < hold

local live = { }
for _, node in ipairs(call('ZRANGEBYSCORE', KEYS[3], now_text, '+inf')) do
  live[node] = true
end

local function remove(online, member)
  local connection, node, client = match(member, MEMBER)
  call('ZREM', online, member)
  local info = call('HGET', CLIENT .. client, connection)
  if info and match(info, '^%S+') == node then
    call('HDEL', CLIENT .. client, connection)
  end
  removed = removed + 1
end

local function saw(user, at)
  local key = SEEN .. user
  if at > tonumber(call('GET', key) or 0) then
    call('SET', key, format('%d', at), 'PX', ARGV[6])
  end
end

local function remove_all_of(node, user, seen)
  local online = ONLINE .. user
  for _, member in ipairs(call('ZRANGE', online, 0, -1)) do
    if select(2, match(member, MEMBER)) == node then
      remove(online, member)
    end
  end
  saw(user, seen)
  call('ZADD', KEYS[6], 'LT', format('%d', seen + grace), user)
end

-- Answers whether there is more to remove.
local function remove_dead_node()
  local dead = call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. now_text, 'WITHSCORES', 'LIMIT', 0, 1)
  local node = dead[1]
  if not node then
    return false
  end
  local users = call('SPOP', NODE_USERS .. node, most)
  for _, user in ipairs(users) do
    remove_all_of(node, user, dead[2] - node_life) -- then it renewed its lease for the last time
  end
  if #users == 0 then
    call('ZREM', KEYS[3], node)
    call('HDEL', KEYS[4], node)
    call('DEL', NODE_GROUPS .. node)
  end
  return true
end

-- When the last of the user's leases ends; nil when there is none of a node that lives.
local function online_until(user)
  local online, from = ONLINE .. user, 0
  repeat
    local members = call('ZREVRANGEBYSCORE', online, '+inf', '(' .. now_text, 'WITHSCORES', 'LIMIT', from, PAGE)
    for i = 1, #members, 2 do
      if live[select(2, match(members[i], MEMBER))] then
        return members[i + 1]
      end
    end
    from = from + PAGE
  until #members == 0
end

-- One SET reserves the ids of all events that there can be in this call; gaps do not matter.
local function reserve()
  next_id = math.max(now, tonumber(call('GET', KEYS[2])) + 1)
  call('SET', KEYS[2], format('%d', next_id + most - 1))
  oldest = format('%d', next_id - ARGV[7])
  expire_at = format('%d', math.ceil((next_id + most + ARGV[7]) / 1000))
end

local function publish(user, status)
  if not next_id then
    reserve()
  end
  local id = next_id
  next_id = id + 1
  local data = '{"user_id":"' .. string.gsub(user, '[\\"]', '\\%0') .. '","status":"' .. status .. '"}'
  local frame = VERSION .. struct.pack('>I8', id) .. ARGV[8] .. data
  local history = HISTORY .. user
  call('XADD', history, 'MINID', '~', oldest, format('%d-0', id), 'f', frame)
  call('PEXPIREAT', history, expire_at)
  call('PUBLISH', CHANNEL .. user, frame)
end

local function is_online(user, lease_end, was_online)
  if was_online then
    for _, member in ipairs(call('ZRANGEBYSCORE', ONLINE .. user, '-inf', now_text)) do
      remove(ONLINE .. user, member) -- nobody refreshed it: its departure was lost
    end
  else
    publish(user, 'online')
    call('SADD', KEYS[5], user)
    came = came + 1
  end
  call('ZADD', KEYS[6], lease_end, user)
end

local function is_offline(user, was_online)
  local offline_at = math.max(hold, tonumber(call('GET', SEEN .. user) or 0) + grace)
  if was_online and offline_at > now then
    call('ZADD', KEYS[6], format('%d', offline_at), user)
    return
  end
  if was_online then
    publish(user, 'offline')
    call('SREM', KEYS[5], user)
    went = went + 1
  end
  call('ZREM', KEYS[6], user)
end

local function look(user)
  local lease_end = online_until(user)
  local was_online = call('SISMEMBER', KEYS[5], user) == 1
  if lease_end then
    is_online(user, lease_end, was_online)
  else
    is_offline(user, was_online)
  end
end

local has_more = not is_holding and remove_dead_node()
local users = call('ZRANGEBYSCORE', KEYS[6], '-inf', now_text, 'LIMIT', 0, most)
for _, user in ipairs(users) do
  look(user)
end
return { came, went, removed, (has_more or #users == most) and 1 or 0 }
