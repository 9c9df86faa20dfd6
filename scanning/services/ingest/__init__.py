"""The worker's line: lease deliveries, decode them, write what they say in one transaction, announce it."""

from scanning.services.ingest.corrections import corrections_carry_out
from scanning.services.ingest.run import deliveries_process

__all__ = ["corrections_carry_out", "deliveries_process"]
