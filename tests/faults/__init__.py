"""The fault harness: a real house under load, hurt at random moments, and every message counted afterwards."""
