"""Joint operations: sign-off, taskings, units, logs, outcomes."""
