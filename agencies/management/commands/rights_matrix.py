"""Print the rights matrix as the page of the documentation."""

from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import override

from agencies.rules.matrixpage import matrix_document


class Command(BaseCommand):
    """`manage.py rights_matrix > docs/rights-matrix.md`."""

    help = "Print docs/rights-matrix.md, made from agencies/rules/matrix.py."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """In English, as the documentation is."""
        with override("en"):
            self.stdout.write(matrix_document(), ending="")
