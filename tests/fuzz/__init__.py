"""Requests that no platform sends: thrown at the webhook by the hundred thousand (`make fuzz`)."""
