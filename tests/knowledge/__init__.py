"""The lint of the vetted answers: what they cite, what they say, where they lead, and how they read."""
