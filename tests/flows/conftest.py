"""The fixtures of scanning: post as a device, let the worker work."""

from tests.scanning.conftest import event, post, work

__all__ = ["event", "post", "work"]
