"""What must be sent: sent in order, retried, its result kept."""

from bot.outbox.courier import Courier as Courier
