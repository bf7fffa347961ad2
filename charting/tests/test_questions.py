"""Questionnaires without a database: branching, reading answers, faults of a version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charting import questions
from charting.proposals import proposals
from charting.starters import STARTERS, after_yes, ask, option, said

YES = {"allergies": "yes", "allergy_which": "Latex\nhives", "light": "yes", "light_which": ["epilepsy"]}
ALL = [(key, starter.body) for key, starter in STARTERS.items()]


@pytest.mark.parametrize(("key", "body"), ALL)
def test_the_starters_are_of_one_piece(key, body):
    assert questions.faults(body) == []
    for one in questions.all_of(questions.parse(body)):
        assert one.label["en"] != one.label["es"]
        assert all(each.label["es"] for each in one.options)


def test_what_hangs_on_a_hidden_question_is_hidden_too():
    body = {
        "sections": [
            {
                "title": said("A", "B"),
                "questions": [
                    ask("one", "yes_no", "1?", "¿1?"),
                    ask("two", "yes_no", "2?", "¿2?", show_if=after_yes("one")),
                    ask("three", "text", "3?", "¿3?", show_if=after_yes("two")),
                ],
            }
        ]
    }
    sections = questions.parse(body)
    answers = {"one": "no", "two": "yes", "three": "words"}
    assert [one.key for one in questions.visible(sections, answers)] == ["one"]
    assert questions.pruned(sections, answers) == {"one": "no"}
    assert len(questions.visible(sections, answers | {"one": "yes"})) == 3


VALUES = st.dictionaries(
    st.sampled_from([one.key for one in questions.all_of(questions.parse(STARTERS["laser"].body))]),
    st.lists(
        st.sampled_from(["yes", "no", "epilepsy", "3", "pregnant", "maybe", "\x00", "words"]), max_size=3
    ),
)


@given(VALUES)
def test_whatever_is_sent_only_readable_answers_to_asked_questions_are_kept(posted):
    sections = questions.parse(STARTERS["laser"].body)
    answers = {}
    for one in questions.all_of(sections):
        answer, problem = questions.read(one, posted.get(one.key, []))
        if problem is None:
            answers[one.key] = answer
    kept = questions.pruned(sections, answers)
    asked = {one.key: one for one in questions.visible(sections, answers)}
    assert set(kept) <= set(asked)
    for key, answer in kept.items():
        assert questions.read(asked[key], answer if isinstance(answer, list) else [answer])[1] is None
    assert questions.pruned(sections, kept) == kept
    for one in proposals(STARTERS["laser"].body, kept):
        assert one.key in kept


READ = [
    ("number", "12,5", None),
    ("number", "1e3", None),
    ("number", "NaN", "invalid"),
    ("number", "Infinity", "invalid"),
    ("number", "much", "invalid"),
    ("number", "9999999999", "invalid"),
    ("date", "2027-02-28", None),
    ("date", "2027-02-30", "invalid"),
    ("date", "20270228", "invalid"),
    ("text", "x" * 1001, "too_long"),
    ("text", "a\x00b", "control_character"),
    ("yes_no", "maybe", "invalid_choice"),
    ("text", "", None),
]


@pytest.mark.parametrize(("kind", "typed", "code"), READ)
def test_one_answer(kind, typed, code):
    _answer, problem = questions.read(questions.Question("q", kind, said("Q", "P")), [typed])
    assert (problem["code"] if problem else None) == code


FAULTS = [
    ([], 1),
    ([ask("a", "choice", "A", "B", options=[option("x", "X", "X")])], 1),
    ([ask("a", "text", "A", "B"), ask("a", "text", "C", "D")], 1),
    ([ask("a", "text", "", "B")], 1),
    ([ask("a", "text", "A", "B", show_if=after_yes("later")), ask("later", "yes_no", "C", "D")], 1),
    (
        [
            ask("a", "yes_no", "A", "B"),
            ask("b", "text", "C", "D", show_if={"question": "a", "is": ["perhaps"]}),
        ],
        1,
    ),
]


@pytest.mark.parametrize(("asked", "count"), FAULTS)
def test_the_faults_of_a_version(asked, count):
    assert len(questions.faults({"sections": [{"title": said("A", "B"), "questions": asked}]})) == count


def test_answers_lead_to_entries_in_the_patients_words():
    found = {one.key: one for one in proposals(STARTERS["laser"].body, YES)}
    assert found["allergy_which"].given == {"text": "Latex hives"}
    assert found["light_which"].given == {"code": "epilepsy"}
    assert set(found) == {"allergy_which", "light_which"}
