"""Reading the record as it is sealed."""
