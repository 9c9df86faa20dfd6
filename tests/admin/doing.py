"""How the tests of the administration find pages, and what was recorded."""

from django.urls import reverse

from audit.models import AuditEvent


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def recorded(owner, *actions):
    with owner():
        return list(AuditEvent.objects.filter(action__in=actions).order_by("id"))
