"""The officers' pages that join the apps; no models."""
