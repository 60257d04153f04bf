"""The inbox's steps as Lua scripts: each is atomic, and Redis's own clock measures every lease."""

from __future__ import annotations

_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

_FREE = """
local function score(mailbox)
  local urgent = tonumber(redis.call('HGET', urgent_key, mailbox) or '0')
  if urgent > 0 then return now - 1e13 end
  return now
end
local function free(mailbox)
  redis.call('ZREM', held_key, mailbox)
  redis.call('HDEL', holders_key, mailbox)
end
local function wake(list)
  redis.call('LPUSH', list, '1')
  redis.call('LTRIM', list, 0, wake_cap - 1)
end
local function make_ready(mailbox)
  if redis.call('LLEN', box_prefix .. mailbox) == 0 then return end
  local after = score(mailbox)
  local before = redis.call('ZSCORE', ready_key, mailbox)
  if not before or tonumber(before) > after then redis.call('ZADD', ready_key, after, mailbox) end
  wake(wake_key)
  if after < 0 then wake(wake_urgent_key) end
end
local function put_in(mailbox, key, message)
  redis.call('SET', message_prefix .. key, message)
  redis.call('RPUSH', box_prefix .. mailbox, key)
  redis.call('INCR', depth_key)
  if string.sub(message, 1, 1) == '1' then redis.call('HINCRBY', urgent_key, mailbox, 1) end
  local busy = redis.call('ZSCORE', held_key, mailbox) or redis.call('ZSCORE', delayed_key, mailbox)
  if not busy then make_ready(mailbox) end
end
"""

_MAILBOX_KEYS = """
local ready_key, held_key, holders_key, delayed_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local urgent_key, wake_key, tries_key, depth_key = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local wake_urgent_key, workers_key, dead_key = KEYS[9], KEYS[10], KEYS[11]
local box_prefix, message_prefix, wake_cap = ARGV[1], ARGV[2], tonumber(ARGV[3])
"""

_HEAD = _MAILBOX_KEYS + _NOW + _FREE

APPEND = (
    _HEAD
    + """
local seen_key, key, mailbox, message, seen_ms = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
if #ARGV == 11 then
  local carried = redis.call('GET', ARGV[9])
  if carried and carried ~= ARGV[11] then return {-1, 0} end
  redis.call('SET', ARGV[9], ARGV[11], 'PX', ARGV[10])
end
local attended = redis.call('ZCOUNT', workers_key, now, '+inf')
local attempt = redis.call('INCR', seen_key)
redis.call('PEXPIRE', seen_key, seen_ms)
if attempt == 1 then put_in(mailbox, key, message) end
return {attempt, attended}
"""
)
"""Stores the message the first time; returns how often this key was delivered, and how many workers are alive.

With three more arguments (a key for the request that carried it, how long to remember it, and a digest of the
message) the attempt is -1 if that request has carried another message.
"""

ATTEND = (
    _HEAD
    + """
redis.call('ZREMRANGEBYSCORE', workers_key, '-inf', now)
redis.call('ZADD', workers_key, now + tonumber(ARGV[5]), ARGV[4])
"""
)

CLAIM = (
    _HEAD
    + """
local holder, lease_ms, urgent_only = ARGV[4], tonumber(ARGV[5]), ARGV[6] == '1'
for _, mailbox in ipairs(redis.call('ZRANGEBYSCORE', delayed_key, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', delayed_key, mailbox)
  make_ready(mailbox)
end
for _, mailbox in ipairs(redis.call('ZRANGEBYSCORE', held_key, '-inf', now, 'LIMIT', 0, 100)) do
  free(mailbox)
  make_ready(mailbox)
end
while true do
  local first = redis.call('ZRANGE', ready_key, 0, 0, 'WITHSCORES')
  if #first == 0 or (urgent_only and tonumber(first[2]) >= 0) then return false end
  local mailbox = first[1]
  redis.call('ZREM', ready_key, mailbox)
  local key = redis.call('LINDEX', box_prefix .. mailbox, 0)
  if key then
    redis.call('ZADD', held_key, now + lease_ms, mailbox)
    redis.call('HSET', holders_key, mailbox, holder)
    local tries = redis.call('HINCRBY', tries_key, key, 1)
    return {mailbox, string.sub(redis.call('GET', message_prefix .. key) or '0', 2), tries, key}
  end
end
"""
)
"""Returns mailbox, sealed message, tries and key; false if nothing (or, if asked so, nothing urgent) is ready."""

EXTEND = (
    _HEAD
    + """
local mailbox, holder, lease_ms = ARGV[4], ARGV[5], tonumber(ARGV[6])
if redis.call('HGET', holders_key, mailbox) ~= holder then return 0 end
redis.call('ZADD', held_key, now + lease_ms, mailbox)
return 1
"""
)

FINISH = (
    _HEAD
    + """
local mailbox, holder, key, reason = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
if redis.call('HGET', holders_key, mailbox) ~= holder then return 0 end
if redis.call('LINDEX', box_prefix .. mailbox, 0) == key then
  redis.call('LPOP', box_prefix .. mailbox)
  local message = redis.call('GET', message_prefix .. key) or '0'
  local urgent = string.sub(message, 1, 1) == '1'
  if reason then
    local about = cjson.encode({mailbox = mailbox, urgent = urgent, buried_ms = now, reason = reason})
    redis.call('HSET', dead_key, key, about .. '\\n' .. string.sub(message, 2))
  end
  redis.call('DEL', message_prefix .. key)
  redis.call('HDEL', tries_key, key)
  redis.call('DECR', depth_key)
  if urgent and redis.call('HINCRBY', urgent_key, mailbox, -1) <= 0 then redis.call('HDEL', urgent_key, mailbox) end
end
free(mailbox)
make_ready(mailbox)
return 1
"""
)
"""Takes the message out and frees the mailbox; with a reason it is kept as a dead letter."""

REVIVE = (
    _HEAD
    + """
local key = ARGV[4]
local letter = redis.call('HGET', dead_key, key)
if not letter then return 0 end
local cut = string.find(letter, '\\n', 1, true)
local about = cjson.decode(string.sub(letter, 1, cut - 1))
redis.call('HDEL', dead_key, key)
put_in(about.mailbox, key, (about.urgent and '1' or '0') .. string.sub(letter, cut + 1))
return 1
"""
)
"""Puts a dead letter back at the end of its mailbox; 0 if there is none."""

PUT_BACK = (
    _HEAD
    + """
local mailbox, holder, delay_ms = ARGV[4], ARGV[5], tonumber(ARGV[6])
if redis.call('HGET', holders_key, mailbox) ~= holder then return 0 end
if #ARGV == 7 then redis.call('HINCRBY', tries_key, ARGV[7], -1) end
free(mailbox)
redis.call('ZADD', delayed_key, now + delay_ms, mailbox)
return 1
"""
)
"""Frees the mailbox for later; with a message key the try does not count."""

OFFER = """
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'closed' then return 0 end
if state == 'taken' or state == 'confirmed' then return 1 end
redis.call('HSET', KEYS[1], 'state', 'offered', 'reply', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
"""

TAKE = """
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return false end
if state == 'closed' then return {'closed', ''} end
if state == 'offered' then redis.call('HSET', KEYS[1], 'state', 'taken') end
return {'taken', redis.call('HGET', KEYS[1], 'reply')}
"""

CONFIRM = """
if redis.call('HGET', KEYS[1], 'state') ~= 'taken' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'confirmed')
redis.call('RPUSH', KEYS[2], ARGV[1])
return 1
"""

CLOSE = """
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'confirmed' then return 1 end
redis.call('HSET', KEYS[1], 'state', 'closed', 'reply', '')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 0
"""
"""Returns 1 if the reply had gone over the wire."""

CLOSE_EMPTY = """
local state = redis.call('HGET', KEYS[1], 'state')
if state and state ~= 'closed' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'closed', 'reply', '')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
"""
"""Returns 0 if the slot is filled: it stays as it is."""

RECALL = """
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'taken' or state == 'confirmed' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'closed', 'reply', '')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
"""
