"""Two presses of the button at the same moment, on two connections: one entry, one receipt."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from scanning.models import Delivery, LawfulUse

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_presses_at_the_same_moment_make_one_entry_with_one_receipt(world, owner):
    officer = world.officer("ukba.officer")
    with owner():
        LawfulUse.objects.create(
            agency_group_id=world.group("UKBA"), technique="dog", purpose="persons", verdict="permitted", basis="note 1",
            valid_from=dt.date(2009, 1, 1),
        )  # fmt: skip
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(officer, "allauth.account.auth_backends.AuthenticationBackend")
    form = {
        "event_id": str(uuid.uuid4()),
        "result": "clear",
        "mark": "AB 123 CD",
        "passage": "",
        "purpose": "persons",
    }
    start, answers = threading.Barrier(2), []

    def press(browser):
        start.wait(10)
        try:
            answers.append(browser.post(f"{reverse('entry')}?lane=L2&kind=dog", form))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    with owner():
        assert Delivery.objects.count() == 1
