-- Writes, refreshes and removes the leases of streams. One call carries what waited.
--
-- KEYS[1]   epoch
-- KEYS[2]   nodes: the ends of their leases, microseconds
-- KEYS[3]   users of this node
-- KEYS[4]   users announced as online
-- KEYS[5]   users to look at, and when, microseconds
-- KEYS[6]   there while somebody may be blocked
-- The keys of clients and users are made of the arguments: there are up to five for each change.
-- ARGV[1]   the epoch that the caller expects
-- ARGV[2]   the node, with its incarnation
-- ARGV[3]   deadline, microseconds, Redis TIME
-- ARGV[4]   life of a lease, milliseconds
-- ARGV[5]   life of what is known about a client, milliseconds
-- ARGV[6]   time without a stream after which a user is offline, microseconds
-- ARGV[7]   how long it is known when a user was last seen, milliseconds
-- ARGV[8]   streams that a user may have: beyond, only those of nodes that live are counted, up to one too many
-- then five for each change, in order:
--           'a' arrival, 'r' refresh, 'd' departure; connection, 16 characters; client id; user ('': none); what is known about it
--
-- Answers { 1, 1 if somebody must be looked at now, else 0, then three for each arrival:
-- streams of its user (0: none or blocked), rest of its block (microseconds, 0: none), 1 if that is final, else 0 };
-- { 0 } when the node's lease has ended: nothing was written; { -1 } when the deadline has passed; { } when the epoch is another one.
local LATE, LAPSED, WRITTEN = -1, 0, 1
local CLIENT, ONLINE, SEEN = 'sse:{0}:client:', 'sse:{0}:online:', 'sse:{0}:seen:'
local BLOCKED_CLIENT, BLOCKED_USER = 'sse:{0}:block:client:', 'sse:{0}:block:user:'
local MOST_LOOKS = 100 -- streams of one user that are searched for another one of this node
local PAGE = 100

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return { }
end
local call, format, sub = redis.call, string.format, string.sub
local time = call('TIME')
local now = time[1] * 1000000 + time[2]
if now > tonumber(ARGV[3]) then
  return { LATE }
end
local lease = call('ZSCORE', KEYS[2], ARGV[2])
if not lease or tonumber(lease) < now then
  return { LAPSED }
end

local now_text = format('%d', now)
local online_life, client_life, seen_life, most_streams = ARGV[4], ARGV[5], ARGV[7], tonumber(ARGV[8])
local lease_end = format('%d', now + online_life * 1000)
local look_at = format('%d', now + ARGV[6])
local node = ' ' .. ARGV[2] .. ' '
local may_be_blocked = call('EXISTS', KEYS[6]) == 1
local answer = { WRITTEN, 0 }

-- Nobody asks for anonymous streams, and a sweep finds streams only by their users.
local function write(connection, client, user, info)
  if user == '' then
    return
  end
  local key, online = CLIENT .. client, ONLINE .. user
  call('HSET', key, connection, ARGV[2] .. ' ' .. info)
  call('PEXPIRE', key, client_life)
  call('ZADD', online, lease_end, connection .. node .. client)
  call('PEXPIRE', online, online_life)
  call('SADD', KEYS[3], user)
  if call('SISMEMBER', KEYS[4], user) == 0 then
    call('ZADD', KEYS[5], now_text, user)
    answer[2] = 1
  end
end

local function is_here(online)
  for _, member in ipairs(call('ZRANGE', online, 0, MOST_LOOKS - 1)) do
    if sub(member, 17, 16 + #node) == node then
      return true
    end
  end
  return call('ZCARD', online) > MOST_LOOKS -- one too many does no harm: it is only looked at in vain when this node dies
end

-- Removes nothing but what this connection has written.
local function remove(connection, client, user)
  if user == '' then
    return
  end
  call('HDEL', CLIENT .. client, connection)
  local online = ONLINE .. user
  if call('ZREM', online, connection .. node .. client) == 0 then
    return
  end
  call('SET', SEEN .. user, now_text, 'PX', seen_life)
  if call('EXISTS', online) == 0 then
    call('ZADD', KEYS[5], look_at, user)
  end
  if not is_here(online) then
    call('SREM', KEYS[3], user)
  end
end

-- Of several blocks a final one counts first, then the longest.
local function block(client, user)
  local rest, final = 0, 0
  if may_be_blocked then
    local blocks = call('MGET', BLOCKED_CLIENT .. client, BLOCKED_USER .. user)
    for i = 1, user == '' and 1 or 2 do
      local ends, is_final = string.match(blocks[i] or '', '^(%d+) ([01])$')
      local left = ends and ends - now or 0
      if left > 0 and (is_final + 0 > final or is_final + 0 == final and left > rest) then
        rest, final = left, is_final + 0
      end
    end
  end
  return rest, final
end

-- A stream that was refused as blocked is there until it has departed.
local function refresh(connection, client, user, info)
  local is_known = not may_be_blocked or call('ZSCORE', ONLINE .. user, connection .. node .. client)
  if is_known or block(client, user) == 0 then
    write(connection, client, user, info)
  end
end

local lives = { } -- nodes that were looked at
local function is_alive(name)
  if lives[name] == nil then
    lives[name] = tonumber(call('ZSCORE', KEYS[2], name) or 0) >= now
  end
  return lives[name]
end

-- What a dead node has left does not count, nor what this one has from before it lost its lease. One too many is as good as more.
local function live_streams(online)
  local count, from = 0, 0
  repeat
    local members = call('ZREVRANGEBYSCORE', online, '+inf', '(' .. now_text, 'LIMIT', from, PAGE)
    for _, member in ipairs(members) do
      if is_alive(string.match(member, '^%S+ (%S+)')) then
        count = count + 1
        if count > most_streams then
          return count
        end
      end
    end
    from = from + PAGE
  until #members == 0
  return count
end

local function streams_of(user)
  local online = ONLINE .. user
  local count = call('ZCOUNT', online, '(' .. now_text, '+inf')
  return count > most_streams and live_streams(online) or count
end

local function arrive(connection, client, user, info)
  local rest, final = block(client, user)
  local streams = 0
  if rest == 0 then
    write(connection, client, user, info)
    streams = user == '' and 0 or streams_of(user)
  end
  local n = #answer
  answer[n + 1], answer[n + 2], answer[n + 3] = streams, rest, final
end

local changes = { a = arrive, r = refresh, d = remove }
for i = 9, #ARGV, 5 do
  changes[ARGV[i]](ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
end
return answer
