"""The one contact point for external stakeholders."""
