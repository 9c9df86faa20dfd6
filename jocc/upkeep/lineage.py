"""The lives of this database: one begins when it is made, and one with each restore."""

from django.contrib.sessions.models import Session

from agencies.choices import LineageKind
from agencies.models import Lineage


def lineage_ensure(alias: str) -> None:
    """A new database gets its first life."""
    if not Lineage.objects.using(alias).exists():
        Lineage.objects.using(alias).create(kind=LineageKind.MADE)


def lineage_renew() -> Lineage:
    """Begin a new life: nobody is signed in any more, and what is written from now on is told from before."""
    Session.objects.all().delete()
    return Lineage.objects.create(kind=LineageKind.RESTORED)
