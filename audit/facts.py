"""What the record needs to know about whoever acts."""

import uuid
from typing import Protocol


class ActingParty(Protocol):
    """The part of a principal that is written into the record."""

    @property
    def actor(self) -> str: ...
    @property
    def uid(self) -> uuid.UUID | None: ...
    @property
    def label(self) -> str: ...
    @property
    def agency_group(self) -> int | None: ...
    @property
    def request_id(self) -> str: ...
    @property
    def purpose(self) -> str: ...
