"""How the schema came to be what it is, one step a file, run by `bot.store.migrate`."""
