"""Pure rules of scanning: no query, no request, no clock."""
