"""Durable mailboxes in Redis: in order for each person, claimed and re-claimed, with a slot for the passive reply."""

from bot.inbox.redis import RedisInbox as RedisInbox
