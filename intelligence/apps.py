"""The intelligence app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntelligenceConfig(AppConfig):
    """See the package's docstring."""

    name = "intelligence"
    verbose_name = _("Intelligence")

    def ready(self) -> None:
        """Tell the second signatures, which stand below us, what lifting a caveat brings about."""
        from agencies.choices import CountersignKind  # noqa: PLC0415  (apps must be loaded first)
        from agencies.services.countersigns import effect_register  # noqa: PLC0415
        from intelligence.services.caveats import caveat_lift  # noqa: PLC0415

        effect_register(CountersignKind.CAVEAT_LIFT, caveat_lift)
