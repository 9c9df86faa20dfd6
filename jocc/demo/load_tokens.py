"""The tokens of the demonstration's devices and partner systems, in one file that only its owner reads."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone

from agencies.choices import AccountKind
from agencies.facts import OWNER
from agencies.models import ServiceAccount, ServiceToken
from agencies.services.tokens import token_issue
from jocc.demo.equipment import DEVICES
from jocc.demo.load_equipment import partner_name
from jocc.demo.lookouts import LOOKOUTS
from jocc.demo.people import AGENCIES
from scanning.models import Device

URL_HINT = "http://127.0.0.1:8000"


def tokens_write(path: Path) -> int:
    """Write the file for the simulator; tokens of an earlier file that still hold are kept.

    Returns how many tokens had to be issued. A device behind a gateway bears the gateway's token and names
    the gateway: its events must then name the device.
    """
    names = {data.gateway or data.code for data in DEVICES} | {partner_name(data.code) for data in AGENCIES}
    accounts = list(
        ServiceAccount.objects.filter(is_active=True, name__in=names).select_related("agency").order_by("pk")
    )
    held = _held(_earlier(path))
    secrets: dict[int, str] = {}
    issued = 0
    for account in accounts:
        secret = held.get(account.pk)
        if secret is None:
            _token, secret = token_issue(acting_party=OWNER, account=account)
            issued += 1
        secrets[account.pk] = secret
    content = {
        "url_hint": URL_HINT,
        "devices": _devices(secrets),
        "marks_to_show": _marks(),
        "partners": {a.agency.code: secrets[a.pk] for a in accounts if a.kind == AccountKind.PARTNER},
    }
    _write(path, content)
    return issued


def _earlier(path: Path) -> Iterable[str]:
    """Every token of the file as it stands; none when it is absent or not ours."""
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError, KeyError):
        content = json.loads(path.read_text(encoding="utf-8"))
        return [*(device["token"] for device in content["devices"]), *content["partners"].values()]
    return []


def _held(candidates: Iterable[str]) -> dict[int, str]:
    by_digest = {hashlib.sha256(secret.encode()).digest(): secret for secret in candidates}
    valid = ServiceToken.objects.filter(
        digest__in=list(by_digest), revoked_at__isnull=True, expires_at__gt=timezone.now()
    ).values_list("account_id", "digest")
    return {account_id: by_digest[bytes(digest)] for account_id, digest in valid}


def _devices(secrets: dict[int, str]) -> list[dict[str, Any]]:
    rows = []
    codes = [data.code for data in DEVICES]
    for device in Device.objects.filter(is_active=True, code__in=codes).select_related(
        "site", "lane", "account"
    ):
        if device.account_id not in secrets or device.account is None:
            continue
        is_behind = device.account.kind == AccountKind.GATEWAY
        rows.append(
            {
                "code": device.code,
                "kind": device.kind,
                "format": device.format,
                "site": device.site.code,
                "lane": device.lane.code if device.lane else None,
                "order": device.order,
                "zone": device.zone,
                "token": secrets[device.account_id],
                "gateway": device.account.name if is_behind else None,
            }
        )
    return rows


def _marks() -> list[dict[str, str]]:
    return [{"mark": data.mark, "country": data.country, "kind": str(data.kind)} for data in LOOKOUTS]


def _write(path: Path, content: dict[str, Any]) -> None:
    """Replace the file in one step; from its first byte on nobody but its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
    fresh.replace(path)
