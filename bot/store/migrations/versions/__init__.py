"""The steps of the schema, the first to the last; a step that was released never changes."""
