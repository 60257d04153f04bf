"""Rasa SDK actions, one file per goal of a user; they propose, the bot disposes."""
