"""Change events for browsers, replayable by id."""

from bot.feed.redis import RedisFeed as RedisFeed
