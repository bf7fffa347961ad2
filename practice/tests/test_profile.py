"""The profile remembered in the process: of one clinic only, forgotten on change, kept when the database is gone."""

import pytest
from django.db import OperationalError

from practice import actions, profile
from practice.tests.test_writing import BY
from tenants.context import enter


@pytest.mark.own_clinic
def test_remembered_by_clinic_and_forgotten_on_change(new_clinic, django_assert_num_queries):
    glow, rival = new_clinic("glow"), new_clinic("rival")
    for house, name in ((glow, "Glow Aesthetics"), (rival, "Rival Skin")):
        with enter(house.clinic):
            assert profile.profile().name == name
            with django_assert_num_queries(0):
                assert profile.profile().name == name
                assert profile.clinic_zone().key == house.cast.location.timezone
    with enter(glow.clinic):
        actions.update_profile(by=BY, name="Glow Two")
        assert profile.profile().name == "Glow Two"
    with enter(rival.clinic), django_assert_num_queries(0):
        assert profile.profile().name == "Rival Skin"


def test_a_page_is_dressed_by_what_was_known_when_the_database_is_down(glow, monkeypatch):
    with enter(glow.clinic):
        known = profile.profile()

        def down():
            raise OperationalError("the database is gone")

        monkeypatch.setattr(profile, "_read", down)
        monkeypatch.setattr(profile, "_known", {})
        monkeypatch.setattr(profile, "_paused", {})
        assert profile.profile_for_page() is None
        profile._known[glow.clinic.uid] = (0.0, known)
        assert profile.profile_for_page() is known
        with pytest.raises(OperationalError):
            profile.profile()
