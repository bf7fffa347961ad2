"""The gate as rules: which rule holds, how each item stands, and that a refusal lists everything. No database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charting import gate
from charting.gate import ENDING, MISSING, OK, Exam, Found, Gate
from charting.models import GateItem, GateMode, GateRule

pytestmark = pytest.mark.promise("P51")
ON = date(2027, 3, 1)
ALL, HEADING, SERVICE = (None, None), (7, None), (None, 3)
ITEMS = [item.value for item in GateItem]
MODES = [mode.value for mode in GateMode]


def rule(item, mode, scope=ALL, **more):
    category, service = scope
    return GateRule(item=item, mode=mode, category_id=category, service_id=service, **more)


def holds(*rules):
    return {item: one.mode for item, one in gate.applying(rules, service=3, category=7).items()}


def test_the_narrowest_rule_holds():
    wide, heading, own = rule("exam", "warn"), rule("exam", "block", HEADING), rule("exam", "off", SERVICE)
    assert holds(wide) == {"exam": "warn"}
    assert holds(heading, wide) == {"exam": "block"}
    assert holds(own, heading, wide) == {}
    assert holds(rule("exam", "block", (8, None)), rule("exam", "block", (None, 4))) == {}


def test_a_clinic_that_set_nothing_asks_nothing():
    assert holds() == {}
    assert not Gate().is_closed


@pytest.mark.promise("P51")
@given(
    st.lists(
        st.tuples(st.sampled_from(ITEMS), st.sampled_from(MODES), st.sampled_from([ALL, HEADING, SERVICE]))
    )
)
def test_of_any_rules_one_an_item_holds_and_off_asks_nothing(given_rules):
    unique = {(item, scope): rule(item, mode, scope) for item, mode, scope in given_rules}
    found = gate.applying(unique.values(), service=3, category=7)
    for item, one in found.items():
        widths = [scope for (name, scope) in unique if name == item]
        narrowest = next(scope for scope in (SERVICE, HEADING, ALL) if scope in widths)
        assert (one.category_id, one.service_id) == narrowest
        assert one.mode != GateMode.OFF
    assert list(found) == [item for item in ITEMS if item in found]


EXAMS = [
    (None, MISSING, "exam_missing"),
    (Exam("refused", ON + timedelta(days=300), "Dr. Osei"), MISSING, "exam_refused"),
    (Exam("cleared", ON - timedelta(days=1), "Dr. Osei"), MISSING, "exam_expired"),
    (Exam("cleared", ON, "Dr. Osei"), ENDING, ""),  # the last day counts
    (Exam("cleared", ON + timedelta(days=14), "Dr. Osei"), OK, ""),
    (Exam("limited", ON + timedelta(days=90), "Dr. Osei", "Forehead only"), OK, ""),
]


@pytest.mark.parametrize(("exam", "state", "code"), EXAMS)
def test_an_exam(exam, state, code):
    found = gate.check_exam(exam, on=ON)
    assert (found.state, found.code) == (state, code)


PATCHES = [
    (None, "", MISSING, "patch_test_missing"),
    (date(2027, 2, 20), "reaction", MISSING, "patch_test_reaction"),
    (date(2026, 8, 31), "clear", MISSING, "patch_test_expired"),
    (date(2026, 9, 1), "clear", OK, ""),
]


@pytest.mark.parametrize(("tested", "result", "state", "code"), PATCHES)
def test_a_patch_test(tested, result, state, code):
    found = gate.check_patch_test(tested, result, months=6, on=ON)
    assert (found.state, found.code) == (state, code)


def test_a_spot_that_is_too_young_is_said_to_be():
    assert gate.check_patch_test(None, "", months=6, on=ON, fresh=True).code == "patch_test_fresh"


LICENSES = [
    (None, MISSING, "license_missing"),
    (ON - timedelta(days=1), MISSING, "license_expired"),
    (ON, ENDING, ""),
    (ON + timedelta(days=400), OK, ""),
]


@pytest.mark.parametrize(("until", "state", "code"), LICENSES)
def test_a_licence(until, state, code):
    found = gate.check_license(until, on=ON)
    assert (found.state, found.code) == (state, code)


SUPERVISORS = [
    ({"physician"}, [], OK, ""),
    ({"nurse"}, [], MISSING, "supervisor_missing"),
    (set(), [], MISSING, "supervisor_missing"),
    ({"nurse"}, [("Dr. Osei", False)], MISSING, "supervisor_unlicensed"),
    ({"nurse"}, [("Dr. Ash", False), ("Dr. Osei", True)], OK, ""),
]


@pytest.mark.parametrize(("kinds", "supervisors", "state", "code"), SUPERVISORS)
def test_a_supervisor(kinds, supervisors, state, code):
    found = gate.check_supervisor(frozenset(kinds), supervisors)
    assert (found.state, found.code) == (state, code)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(ITEMS), st.sampled_from([OK, ENDING, MISSING]), st.sampled_from(["warn", "block"])
        )
    )
)
def test_a_refusal_lists_all_that_is_missing_and_never_a_detail(items):
    found = Gate(tuple(Found(item, state, "words", "secret", "code", mode) for item, state, mode in items))
    assert [one["field"] for one in found.failures()] == [
        item for item, state, _mode in items if state == MISSING
    ]
    assert "secret" not in str(found.failures())
    assert found.is_closed is any((state, mode) == (MISSING, "block") for _item, state, mode in items)
