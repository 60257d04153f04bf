"""The repositories, one module a noun: each turns its entity into a row and a row into its entity."""
