"""Secrets of the clinic, and blind indexes: equal inside a clinic, meaningless outside."""

import hmac
from hashlib import sha256
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault import blind, keys
from vault.blind import blind_index, fold, name_tokens, query_token, query_tokens
from vault.errors import Damaged
from vault.models import VAULT
from vault.secrets import open_secret, seal_secret
from vault.tags import UnknownTag
from vault.tests.conftest import a_clinic, inside

pytestmark = pytest.mark.django_db(databases=[VAULT])
TAG = "accounts.mfa.secret/1"


@pytest.mark.promise("P142")
@pytest.mark.promise("P143")
def test_a_secret_comes_back(here):
    row = uuid4()
    sealed = seal_secret(TAG, row, "JBSWY3DPEHPK3PXP")
    assert b"JBSW" not in sealed
    assert sealed != seal_secret(TAG, row, "JBSWY3DPEHPK3PXP")
    assert open_secret(TAG, row, sealed) == open_secret(TAG, row, memoryview(sealed)) == "JBSWY3DPEHPK3PXP"


def test_a_secret_stays_where_it_was_sealed(here):
    row = uuid4()
    sealed = seal_secret(TAG, row, "x")
    with pytest.raises(Damaged):
        open_secret(TAG, uuid4(), sealed)
    with pytest.raises(Damaged):
        open_secret("tenants.provider_account.secret/1", row, sealed)
    with pytest.raises(UnknownTag):
        seal_secret("accounts.mfa.other/1", row, "x")


def test_a_secret_needs_no_agreement(vault):
    with inside(a_clinic(signed=False)):
        row = uuid4()
        assert open_secret(TAG, row, seal_secret(TAG, row, "x")) == "x"


def test_the_index_is_the_one_of_the_design(here):
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"bidx/phone/1").derive(keys.index_key().secret)
    assert blind_index("phone", "+13125550142") == hmac.digest(key, b"+13125550142", sha256)[:16]


def test_equal_inside_a_clinic_only(here):
    one = blind_index("phone", "+13125550142")
    assert len(one) == 16
    assert blind_index("phone", "+13125550142") == one
    assert blind_index("phone", "+13125550143") != one
    assert blind_index("email", "+13125550142") != one
    with inside(a_clinic()):
        assert blind_index("phone", "+13125550142") != one


def test_an_unknown_kind(here):
    with pytest.raises(KeyError):
        blind_index("shoe_size", "44")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Patricia", "pa"),
        ("Patricia", "PAT"),
        ("Patricia", "patr"),
        ("Patricia", "patricia"),
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoë"),
        ("Łukasz", "luk"),
        ("Søren", "sor"),
        ("Straße", "strasse"),
        ("İpek", "ipek"),
        ("O'Brien", "obr"),
        ("O’Brien", "o'brien"),
        ("O'Brien", "bri"),
        ("Mary-Jane", "jan"),
        ("de la Cruz", "la cruz"),
        ("Li", "li"),
        ("O", "o"),
        ("李", "李"),
        ("Nguyễn", "nguyen"),
        ("José María", "maria jose"),
    ],
)
def test_found_by_a_prefix_of_any_word(here, name, query):
    assert query_tokens(query)
    assert query_tokens(query) <= name_tokens(name)


@pytest.mark.parametrize(("name", "query"), [("Patricia", "at"), ("Patricia", "pax"), ("Pat", "patr")])
def test_not_found_by_another(here, name, query):
    assert not query_tokens(query) <= name_tokens(name)


def test_tokens_are_few_small_and_of_the_clinic(here):
    tokens = name_tokens("Patricia", "Jones")
    assert len(tokens) == 6
    assert all(0 <= token < 2**16 for token in tokens)
    assert tokens == name_tokens("Patricia") | name_tokens("Jones")
    with inside(a_clinic()):
        assert name_tokens("Patricia", "Jones") != tokens


def test_one_word(here):
    assert query_token("Pat") in name_tokens("Patricia")
    assert query_token("patricia") == query_token("patr")


@pytest.mark.parametrize("text", ["", "  ", "-", "'", "🙂", "%"])
def test_nothing_to_look_for(here, text):
    assert query_tokens(text) == set()
    assert query_token(text) is None
    assert name_tokens(text) == set()


def test_folded():
    assert fold("ÀÉÎÕÜ ñ Æ ẞ Đ") == "aeiou n ae ss d"
    assert blind.LONGEST == 4
