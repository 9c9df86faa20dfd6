"""The supervisors' admin site."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import NOBODY
from agencies.rules.rights import may


class CentreAdminSite(AdminSite):
    """Django's admin for those who hold the right to enter it; there are no superusers in operation."""

    site_header = _("Joint operational coordination centre")
    site_title = _("Administration")
    index_title = _("Administration")
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the acting officer may enter."""
        return may(getattr(request, "principal", NOBODY), Right.ADMIN_ENTER)
