"""The commands of `niangjia`, one module a command."""
