"""The Redis handoff queue: lanes by level and region, atomic claims, presence; and tries of the desk's lock."""

from bot.queue.leases import RedisLeases as RedisLeases
from bot.queue.redis import RedisQueue as RedisQueue
from bot.queue.tries import RedisTries as RedisTries
