"""What the web role could try with SQL of its own: the functions that keep audiences do not work for it."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from agencies.acting import acting_as
from scanning.models import Device

pytestmark = pytest.mark.django_db


def test_the_web_role_cannot_hang_the_keeper_of_births_on_a_table_of_its_own_to_grant_itself_a_device(
    world, owner
):
    ccic = world.principal("ccic.officer")
    with owner():
        hidden = world.device("L1-HB").pk
    with acting_as(ccic), connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE TEMP TABLE bait (id bigint, originator_id int)")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(
                "CREATE TRIGGER born AFTER INSERT ON bait REFERENCING NEW TABLE AS born"
                " FOR EACH STATEMENT EXECUTE FUNCTION scanning_device_born()"
            )
        cursor.execute("INSERT INTO bait VALUES (%s, %s)", [hidden, ccic.agency_group])
    with acting_as(ccic):
        assert not Device.objects.filter(pk=hidden).exists()


def test_no_function_that_runs_with_the_owners_rights_may_be_called_by_the_restricted_roles(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, r.role FROM pg_proc p CROSS JOIN (VALUES ('jocc_web'), ('jocc_ingest')) r(role)"
            " WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
            " AND has_function_privilege(r.role, p.oid, 'EXECUTE')"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        assert cursor.fetchone()[0] > 0
