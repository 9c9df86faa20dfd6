"""The database backend that stamps every transaction with its principal."""
