"""The worker's line: lease deliveries, decode them, write what they say in one transaction, announce it."""

from scanning.services.ingest.run import deliveries_process

__all__ = ["deliveries_process"]
