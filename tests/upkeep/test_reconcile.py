"""Whatever is not as it should be with the walls is found and named, and nothing is repaired silently."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from agencies.models import Upkeep
from jocc.upkeep.reconcile import walls_differences, walls_reconcile_nightly

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(world, ingest):
    """The differences as the scheduler sees them."""

    def look():
        with ingest():
            return walls_differences()

    return look


def change(owner, *statements):
    with owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_the_walls_of_the_tests_are_what_they_should_be(found):
    assert found() == []


DAMAGE = {
    "a viewer too many": ("UPDATE scanning_device SET viewers = viewers || 999999 WHERE code = 'L1-HB'", "whose viewers"),
    "a viewer missing": ("UPDATE scanning_lane SET viewers = '{}' WHERE code = 'L1'", "that their originator cannot see"),
    "a policy dropped": ("DROP POLICY reader ON scanning_alarm", "scanning_alarm: policies"),
    "a policy widened": ("ALTER POLICY reader ON scanning_alarm USING (true)", "scanning_alarm: policies"),
    "a policy added": ("CREATE POLICY more ON intelligence_check FOR SELECT USING (true)", "intelligence_check: policies"),
    "a table unforced": ("ALTER TABLE intelligence_hit NO FORCE ROW LEVEL SECURITY", "intelligence_hit: policies"),
    "a privilege given": ("GRANT DELETE ON audit_auditevent TO jocc_web", "audit_auditevent: policies"),
    "a column opened": ("GRANT UPDATE (viewers) ON scanning_device TO jocc_web", "scanning_device: policies"),
    "a trigger switched off": ("ALTER TABLE audit_auditevent DISABLE TRIGGER refuse_change", "audit_auditevent: policies"),
    "a trigger dropped": ("DROP TRIGGER removed ON scanning_devicegrant", "scanning_devicegrant: policies"),
    "a function rewritten": (
        "CREATE OR REPLACE FUNCTION jocc_groups() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT ARRAY[1]'",
        "jocc_groups: policies",
    ),
    "a table more": ("CREATE TABLE beside (id int); GRANT SELECT ON beside TO jocc_web", "beside: policies"),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_named_and_left_as_it_is(found, owner, what):
    statement, sentence = DAMAGE[what]
    change(owner, statement)
    first = found()
    assert any(sentence in difference for difference in first), first
    assert found() == first
    assert not Upkeep.objects.get(name="walls").is_fine


def test_a_grant_of_what_cannot_be_granted_is_named(found, owner):
    change(
        owner,
        "INSERT INTO scanning_devicegrant (group_id, permission_id, content_object_id) SELECT d.originator_id, p.id, d.id"
        " FROM scanning_device d, auth_permission p WHERE d.code = 'L1-HB' AND p.codename = 'delete_device'",
    )
    assert found() == ["scanning_devicegrant: 1 grants of what cannot be granted"]


def test_the_command_fails_when_something_is_wrong(world, owner, monkeypatch):
    monkeypatch.setattr("jocc.management.commands.walls_reconcile.PROCESS", "owner")
    out, err = io.StringIO(), io.StringIO()
    with owner():
        call_command("walls_reconcile", stdout=out, stderr=err)
        assert "what they should be" in out.getvalue()
        with connection.cursor() as cursor:
            cursor.execute("DROP POLICY reader ON scanning_alarm")
        with pytest.raises(CommandError):
            call_command("walls_reconcile", stdout=out, stderr=err)
    assert "scanning_alarm" in err.getvalue()


@pytest.mark.parametrize(
    ("hours_ago", "hour", "compares"),
    [(None, 15, True), (1, 3, False), (23, 3, True), (23, 15, False), (49, 15, True)],
)
def test_the_scheduler_compares_once_a_night(world, ingest, monkeypatch, hours_ago, hour, compares):
    now = timezone.now().replace(hour=hour)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    with ingest():
        if hours_ago is not None:
            Upkeep.objects.create(name="walls", at=now - dt.timedelta(hours=hours_ago), is_fine=True)
        assert (walls_reconcile_nightly() is not None) is compares


@pytest.mark.parametrize("name", ["backup", "journal", "walls"])
def test_the_health_page_says_how_upkeep_goes(world, client, owner, ingest, name):
    client.force_login(
        world.officer("ukba.officer"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    def tone():
        return next(c.tone for c in client.get(reverse("health")).context["page"].checks if c.code == name)

    assert tone() == "quiet"  # a demonstration needs no backup
    with owner():
        row = Upkeep.objects.create(name=name, at=timezone.now() - dt.timedelta(days=9), is_fine=True)
    assert tone() == "medium"
    with owner():
        Upkeep.objects.filter(pk=row.pk).update(at=timezone.now(), is_fine=False)
    assert tone() == "high"
    with owner():
        Upkeep.objects.filter(pk=row.pk).update(is_fine=True)
    assert tone() == "quiet"
