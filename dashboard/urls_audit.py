"""Pages of the audit record."""

from django.urls import path

from dashboard.views import audit

urlpatterns = [
    path("audit/", audit.audit_list, name="audit-list"),
    path("audit/export/", audit.audit_export, name="audit-export"),
    path("audit/roots/", audit.audit_roots, name="audit-roots"),
    path("audit/roots/file/", audit.audit_roots_file, name="audit-roots-file"),
    path("audit/verifier/", audit.audit_verifier, name="audit-verifier"),
    path("audit/<uuid:uid>/", audit.audit_detail, name="audit-detail"),
    path("audit/<uuid:uid>/proof/", audit.audit_proof, name="audit-proof"),
]
