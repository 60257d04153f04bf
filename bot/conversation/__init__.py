"""The words of the domain: messages, contacts, conversations, levels, events, errors and ports; pure."""
