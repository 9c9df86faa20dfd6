"""REST views and serializers."""
