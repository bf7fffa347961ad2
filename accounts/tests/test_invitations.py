"""Joining by invitation: once, in time, and never above the rank of who invites."""

from datetime import timedelta

import pytest
import time_machine

from accounts import actions, invitations, signals
from accounts.actors import actor_for
from accounts.models import Invitation, User
from accounts.tests.helpers import fresh, verbs
from audit.actors import job
from core.clock import now
from core.problems import Conflict, Forbidden, Invalid
from practice import actions as practice
from practice.models import Posting, Provider
from tenants.context import enter

pytestmark = [pytest.mark.promise("P12"), pytest.mark.promise("P13"), pytest.mark.promise("P29")]
ON = "http://glow.localhost"
PASSWORD = "quiet lamp under water"


class Post(list):
    """The invitations that were mailed."""

    def __call__(self, sender, *, kind, user, context, **kwargs):
        if kind == signals.INVITATION:
            self.append((user.email, context))

    @property
    def path(self):
        return self[-1][1]["link"].removeprefix(ON)


@pytest.fixture
def post():
    heard = Post()
    signals.notice_wanted.connect(heard)
    yield heard
    signals.notice_wanted.disconnect(heard)


def invite(house, role="provider", by="owner", email="nell@glow.example", at=None):
    with enter(house.clinic):
        actor = actor_for(fresh(house, by)) if by else job("tests")
        return actions.invite(
            email=email, role=role, display_name="Nell New", on=ON, by=actor, at=at or now()
        )


def join(client, path, **changes):
    fields = {"display_name": "Nell New", "password": PASSWORD, "repeated": PASSWORD}
    return client.post(path, fields | changes)


def test_from_the_mail_to_the_desk(glow, post):
    invite(glow)
    email, context = post[0]
    assert (email, context["inviter"], context["role"]) == ("nell@glow.example", "Olive Ortega", "provider")
    client = glow.client()
    shown = client.get(post.path).content.decode()
    assert "Nell New" in shown
    assert "Olive Ortega invites you" in shown
    assert client.get(post.path).status_code == 200, "looking spends nothing"
    answer = join(client, post.path)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200
    with enter(glow.clinic):
        user = User.objects.by_email("nell@glow.example")
        assert (user.role, user.invitation.accepted_at is not None) == ("provider", True)
    assert "invitation.accepted" in verbs(glow)


def test_where_the_second_step_is_the_rule_it_comes_next(rival, post):
    with enter(rival.clinic):
        actions.invite(
            email="nell@rival.example",
            role="admin",
            on=ON,
            by=actor_for(fresh(rival, "owner")),
            at=now(),
        )
    client = rival.client()
    join(client, post.path)
    answer = client.get("/desk/")
    assert answer["Location"].startswith("/desk/two-factor/set-up/")


def test_a_link_opens_once(glow, post):
    invite(glow)
    join(glow.client(), post.path)
    for answer in (glow.client().get(post.path), join(glow.client(), post.path, display_name="Mallory")):
        assert answer.status_code == 410
        assert "was used" in answer.content.decode()
    with enter(glow.clinic):
        assert User.objects.filter(email="nell@glow.example").count() == 1


def test_a_withdrawn_one_opens_nothing(glow, post):
    invitation = invite(glow)
    with enter(glow.clinic):
        actions.withdraw_invitation(invitation, by=actor_for(fresh(glow, "owner")), at=now())
    assert "was withdrawn" in glow.client().get(post.path).content.decode()
    assert join(glow.client(), post.path).status_code == 410


def test_seven_days_and_no_more(glow, post):
    invite(glow)
    with time_machine.travel(now() + timedelta(days=6, hours=23)):
        assert glow.client().get(post.path).status_code == 200
    with time_machine.travel(now() + timedelta(days=7, seconds=1)):
        answer = join(glow.client(), post.path)
        assert answer.status_code == 410
        assert "has run out" in answer.content.decode()


def test_sent_again_the_first_link_is_void(glow, post):
    invitation = invite(glow)
    first = post.path
    with enter(glow.clinic):
        actions.resend_invitation(invitation, on=ON, by=actor_for(fresh(glow, "admin")), at=now())
    assert len(post) == 2
    assert glow.client().get(first).status_code == 404
    assert glow.client().get(post.path).status_code == 200


@pytest.mark.parametrize("token", ["A" * 43, "x", "é" * 43, "A" * 65])
def test_other_texts_are_not_there(glow, token):
    assert glow.client().get(f"/desk/join/{token}/").status_code == 404


def test_the_token_is_kept_nowhere_in_clear(glow, post):
    invitation = invite(glow)
    token = post.path.split("/")[-2]
    with enter(glow.clinic):
        kept = Invitation.objects.get(pk=invitation.pk)
    assert token.encode() not in bytes(kept.token_hash)


@pytest.mark.parametrize(
    ("by", "role"), [("admin", "owner"), ("provider", "provider"), ("analyst", "analyst")]
)
def test_nobody_invites_above_their_own_rank(glow, by, role):
    with pytest.raises(Forbidden):
        invite(glow, role=role, by=by)


def refused(call):
    with pytest.raises(Invalid) as caught:
        call()
    return [(each["field"], each["code"]) for each in caught.value.errors]


def test_who_is_here_already_is_not_invited(glow):
    assert refused(lambda: invite(glow, email=" ADAM@glow.example")) == [("email", "taken")]
    with enter(glow.clinic):
        actions.end_access(fresh(glow, "admin"), by=actor_for(fresh(glow, "owner")), at=now())
    assert refused(lambda: invite(glow, email="adam@glow.example")) == [("email", "had_access")]
    invite(glow)
    assert refused(lambda: invite(glow)) == [("email", "invited")]


def test_one_that_ran_out_is_in_nobodys_way(glow):
    invite(glow)
    late = now() + timedelta(days=8)
    invite(glow, at=late)
    with enter(glow.clinic):
        assert [each.state(late) for each in Invitation.objects.all()] == ["open", "withdrawn"]


def test_an_invitation_is_worth_what_its_inviter_is(glow, post):
    invite(glow, role="admin", by="admin")
    with enter(glow.clinic):
        actions.change_role(fresh(glow, "admin"), "provider", by=job("tests"), at=now())
    assert join(glow.client(), post.path).status_code == 410
    with enter(glow.clinic):
        actions.change_role(fresh(glow, "admin"), "admin", by=job("tests"), at=now())
    assert glow.client().get(post.path).status_code == 200
    with enter(glow.clinic):
        actions.end_access(fresh(glow, "admin"), by=job("tests"), at=now())
    assert join(glow.client(), post.path).status_code == 410


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "short", "repeated": "short"}, "too short"),
        ({"repeated": "something else entirely"}, "not the same"),
        ({"display_name": ""}, "Enter your name"),
        ({"display_name": "a\x00b"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_the_link_still_opens(glow, post, changes, said):
    invite(glow)
    answer = join(glow.client(), post.path, **changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert glow.client().get(post.path).status_code == 200


def test_places_and_services_are_there_from_the_first_minute(glow, post):
    invitation = invite(glow)
    with enter(glow.clinic):
        practice.place_invitation(
            invitation,
            locations=[glow.cast.location],
            treats=True,
            credentials="RN",
            services=[glow.cast.services["botox"]],
            by=job("tests"),
        )
    join(glow.client(), post.path)
    with enter(glow.clinic):
        user = User.objects.by_email("nell@glow.example")
        provider = Provider.objects.get(user=user)
        assert provider.name == "Nell New, RN"
        assert [each.name for each in provider.services.all()] == ["Botox"]
        assert Posting.objects.filter(user=user, location=glow.cast.location).exists()


def test_two_may_not_accept_at_once(glow):
    invitation = invite(glow)
    with enter(glow.clinic):
        stale = Invitation.objects.get(pk=invitation.pk)
        actions.accept_invitation(invitation, display_name="Nell", password=PASSWORD, at=now())
        assert invitations.stands(stale, now())
        with pytest.raises(Conflict):
            actions.accept_invitation(stale, display_name="Mallory", password=PASSWORD, at=now())
