"""Pure rules of intelligence: no query, no request, no clock."""
