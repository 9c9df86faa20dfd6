"""Frozen values about who is acting."""

import dataclasses
import enum
import uuid

from agencies.choices import STATE_OF_CAVEAT


class Actor(enum.StrEnum):
    """What kind of somebody acts."""

    NOBODY = "nobody"
    OFFICER = "officer"
    SERVICE = "service"  # a device or a partner's system, by its token
    INGEST = "ingest"  # the workers' own work: events, matches, hits, notices
    OWNER = "owner"  # migrations and preparation


@dataclasses.dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, with the rights as read at the start of this request, task or poll.

    `groups` are the ids of the agency's group and of the compartments the officer is named in.
    """

    actor: Actor = Actor.NOBODY
    uid: uuid.UUID | None = None
    label: str = ""
    agency_code: str = ""
    agency_group: int | None = None
    groups: tuple[int, ...] = ()
    clearance: int = -1
    role: str = ""
    is_authority: bool = False
    country: str = ""
    language: str = "en"
    scopes: frozenset[str] = frozenset()
    request_id: str = ""
    purpose: str = ""

    def settings(self) -> tuple[str, str, str, str]:
        """The four transaction-local settings that row-level security reads."""
        groups = "{" + ",".join(map(str, self.groups)) + "}" if self.groups else ""
        return groups, str(self.clearance), self.actor.value, self.country

    @property
    def caveats(self) -> tuple[str, ...]:
        """The national caveats that hide nothing from this party: none, and that of its own state."""
        return ("", *(caveat for caveat, state in STATE_OF_CAVEAT.items() if state == self.country))

    @property
    def groups_literal(self) -> str:
        """The groups as a PostgreSQL array literal; `{}` sees nothing."""
        return "{" + ",".join(map(str, self.groups)) + "}"


NOBODY = Principal()
INGEST = Principal(actor=Actor.INGEST, label="ingest", clearance=99)
OWNER = Principal(actor=Actor.OWNER, label="owner", clearance=99)
