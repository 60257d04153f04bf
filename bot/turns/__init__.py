"""Use cases of a turn: one message in, an operator's reply out."""
