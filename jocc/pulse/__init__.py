"""The scheduler: one process that rings, relays and keeps the timed duties; a singleton by advisory lock."""
