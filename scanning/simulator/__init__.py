"""A believable port that posts over HTTP as the real devices do."""
