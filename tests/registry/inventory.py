"""What the centre gives away and takes in, read from the living code: one list of lines for each register.

The registers stand as files beside this one (fields.txt, parameters.txt …). A line is what somebody has looked at and
found fit; whatever the code has beyond, or no longer has, fails the build.
"""

import ast
import enum
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from celery import current_app
from django.apps import apps
from django.contrib import admin
from django.core.management import get_commands
from django.forms import Form
from drf_spectacular.generators import SchemaGenerator

from audit.choices import Topic
from dashboard import (
    forms,
    forms_audit,
    forms_corrections,
    forms_findings,
    forms_hits,
    forms_images,
    forms_lookouts,
    forms_outages,
    forms_requests,
)
from jocc.pulse.duties import duties_all
from jocc.walls import WALLS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
OURS = ("agencies", "audit", "dashboard", "intelligence", "jocc", "liaison", "operations", "scanning")
_VERBS = ("get", "post", "put", "patch", "delete")
_MAILS = {
    "send_mail", "send_mass_mail", "mail_admins", "mail_managers", "EmailMessage", "EmailMultiAlternatives", "email_user",
}  # fmt: skip


def fields() -> Iterator[str]:
    """Each field that a REST route takes or answers, by route and verb, as the published schema has it."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    parts = schema.get("components", {}).get("schemas", {})
    for path, verbs in schema["paths"].items():
        for verb in _VERBS:
            operation = verbs.get(verb)
            if operation is None:
                continue
            where = f"{verb.upper():<5} {path}"
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from (f"{where}  takes {name}" for name in _flat(content.get("schema", {}), parts))
            for status, answer in operation["responses"].items():
                for content in answer.get("content", {}).values():
                    names = _flat(content.get("schema", {}), parts)
                    yield from (f"{where}  {status} {name}" for name in names)


def _flat(schema: dict[str, Any], parts: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[str]:
    if "$ref" in schema:
        schema = parts[schema["$ref"].rsplit("/", 1)[1]]
    choices = [each for word in ("allOf", "oneOf", "anyOf") for each in schema.get(word, ())]
    for each in choices:
        yield from _flat(each, parts, prefix, depth + 1)
    if schema.get("type") == "array" or "items" in schema:
        yield from _flat(schema.get("items", {}), parts, f"{prefix}[]", depth + 1)
        return
    for name, inner in schema.get("properties", {}).items():
        path = f"{prefix}.{name}".lstrip(".")
        yield path
        if depth < 8:
            yield from _flat(inner, parts, path, depth + 1)


def filters() -> Iterator[str]:
    """Each field of the filters above the pages' lists."""
    for module in (
        forms,
        forms_audit,
        forms_findings,
        forms_hits,
        forms_images,
        forms_lookouts,
        forms_corrections,
        forms_outages,
        forms_requests,
    ):
        for form in vars(module).values():
            is_own = isinstance(form, type) and issubclass(form, Form) and form.__module__ == module.__name__
            if is_own and form.__name__.endswith("Filters"):
                yield from (f"{form.__name__} {name}" for name in form.base_fields)


def admin_lists() -> Iterator[str]:
    """What each list of the admin site shows, filters by, searches and orders by, and what its pages show."""
    for site in admin.sites.all_sites:
        for model, page in site._registry.items():
            where = f"{site.name} {model._meta.label_lower}"
            for what in (
                "list_display",
                "list_filter",
                "search_fields",
                "ordering",
                "fields",
                "date_hierarchy",
            ):
                named = getattr(page, what) or ()
                for each in (named,) if isinstance(named, str) else named:
                    yield f"{where}  {what} {getattr(each, 'parameter_name', None) or getattr(each, '__name__', each)}"
            yield from (f"{where}  act {act.name}" for act in getattr(page, "acts", ()))


def work() -> Iterator[str]:
    """What runs without a request: tasks of the workers, duties of the clock, commands."""
    current_app.loader.import_default_modules()
    # Tests of the tasking make tasks of their own in the same process.
    strange = ("celery.", "tests.")
    yield from (f"task {name}" for name in current_app.tasks if not name.startswith(strange))
    yield from (f"duty {duty.name} every {duty.every_s} s" for duty in duties_all())
    yield from (f"command {name}" for name, app in get_commands().items() if app in OURS)


def frames() -> Iterator[str]:
    """What the outbox and the live stream can say: topics, events and their keys; never content."""
    yield from (f"topic {topic.value}" for topic in Topic)
    hub = (ROOT / "dashboard/live/hub.py").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(hub)):
        if isinstance(node, ast.Dict):
            names = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            yield from (f"key {name}" for name in names if isinstance(name, str))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "kind":
            yield from (
                f"event {each.value}" for each in ast.walk(node.value) if isinstance(each, ast.Constant)
            )
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "event: " in node.value:
            name = node.value.partition("event: ")[2].partition("\n")[0]
            if name:
                yield f"event {name}"
                data = node.value.partition("data: ")[2].strip()
                yield from (f"key {key}" for key in (json.loads(data) if data else {}))


def managers() -> Iterator[str]:
    """How each of our tables is asked, and whether row-level security stands behind it."""
    secured = {wall.table: wall.secured for wall in WALLS}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS:
            queryset = type(model._default_manager.get_queryset()).__name__
            wall = {True: "secured", False: "open", None: "no wall"}[secured.get(model._meta.db_table)]
            yield f"{model._meta.label}  {queryset}  {wall}"


def mails() -> Iterator[str]:
    """Wherever our code could send a mail."""
    for app in OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(node, "attr", None) or getattr(node, "id", None)
                if name in _MAILS:
                    yield f"{path.relative_to(ROOT)}  {name}"


def words() -> Iterator[str]:
    """Each word of the closed lists that go over REST: a new state or kind is a new thing told."""
    for app in OURS:
        module = apps.get_app_config(app).module if apps.is_installed(app) else None
        choices = getattr(module, "choices", None)
        for name, found in vars(choices).items() if choices else ():
            if (
                isinstance(found, type)
                and issubclass(found, enum.Enum)
                and found.__module__ == choices.__name__
            ):
                yield from (f"{app}.{name}  {each.value}" for each in found)


REGISTERS: dict[str, Callable[[], Iterator[str]]] = {
    "fields": fields,
    "filters": filters,
    "admin": admin_lists,
    "work": work,
    "frames": frames,
    "managers": managers,
    "mails": mails,
    "words": words,
}


def read(name: str) -> list[str]:
    """The lines of a register."""
    path = HERE / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def write(name: str, lines: list[str]) -> None:
    """Write a register anew, under its own heading."""
    heading = (REGISTERS[name].__doc__ or "").splitlines()[0] if name in REGISTERS else HEADINGS[name]
    (HERE / f"{name}.txt").write_text("\n".join([f"# {heading}", *lines]) + "\n", encoding="utf-8")


#: Registers that are found by asking at the doors (test_inventory.py).
HEADINGS = {
    "parameters": "Each query parameter that a REST route takes; any other is refused with 400.",
    "exports": "Each column that a downloaded file carries.",
}
