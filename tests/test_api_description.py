"""The API's description: valid by the standard, complete, and true to the rights that the code asks for."""

import json
import re
from importlib.resources import files

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from medspa.api_words import WORDS
from medspa.api_words.shared import TAGS
from tests.matrix import CLINIC
from tests.matrix.rules import Anyone, Api, Link, Own

CHANGES = {"post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema():
    return json.loads(
        json.dumps(SchemaGenerator(urlconf="medspa.urls_clinic").get_schema(public=True), default=str)
    )


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_openapi_3_1(schema):
    assert schema["openapi"].startswith("3.1")
    rules = files("drf_spectacular.validation").joinpath("openapi_3_1_schema.json").read_text()
    jsonschema.validate(schema, json.loads(rules))


def test_every_list_of_values_has_a_name_of_its_own(schema):
    """Where two collide, one gets a name made of a hash, until settings.ENUM_NAME_OVERRIDES names both."""
    named_by_hash = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{3}Enum$")
    assert [name for name in schema["components"]["schemas"] if named_by_hash.search(name)] == []


def test_every_operation_is_described_and_nothing_else(schema):
    names = [operation["operationId"] for _path, _method, operation in operations(schema)]
    assert sorted(names) == sorted(WORDS)
    assert len(set(names)) == len(names)


def test_each_says_all_that_a_stranger_needs(schema):
    for path, method, operation in operations(schema):
        at = f"{method} {path}"
        assert operation["summary"], at
        assert len(operation["description"]) > 10, at
        assert operation["tags"][0] in TAGS, at
        assert "security" in operation, at
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), f"{at} {parameter['name']}"
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), at
        for status, answer in answers.items():
            assert answer["description"], at
            if int(status) >= 400:
                content = answer["content"]["application/problem+json"]
                for example in content["examples"].values():
                    assert example["value"]["status"] == int(status)
        if method in CHANGES:
            assert "Idempotency-Key" in {one["name"] for one in operation["parameters"]}, at
            assert {"400", "409", "415"} <= set(answers), at
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            assert "example" in body, at


def test_the_rights_are_those_of_the_matrix(schema):
    for path, method, operation in operations(schema):
        route = path.removeprefix("/").replace("{uid}", "<uuid:uid>").replace("{token}", "<str:token>")
        rule = CLINIC[route]
        if method not in rule.methods:  # the matrix leaves it to the app's own tests
            continue
        needs = WORDS[operation["operationId"]].needs
        if isinstance(rule, Anyone | Link):
            assert (needs, operation["security"]) == ("", []), path
        elif isinstance(rule, Own):
            assert needs == "*", path
        else:
            assert isinstance(rule, Api)
            assert needs == (rule.write if method in CHANGES and rule.write else rule.permission), path
            assert "401" in operation["responses"]
            assert ({"patient": []} in operation["security"]) == (method in rule.patient), path


def for_requests(components):
    """What is only read is not required of who sends."""
    parts = json.loads(json.dumps(components))
    for shape in parts["schemas"].values():
        fields = shape.get("properties", {})
        shape["required"] = [
            name for name in shape.get("required", []) if not fields.get(name, {}).get("readOnly")
        ]
    return parts


def test_examples_fit_their_shapes(schema):
    for path, method, operation in operations(schema):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            shape = {**body["schema"], "components": for_requests(schema["components"])}
            jsonschema.Draft202012Validator(shape).validate(body["example"]), (path, method)


def test_the_webhooks_are_in_it(schema):
    from webhooks.events import EVENTS

    assert set(schema["webhooks"]) == set(EVENTS)
    for name, hook in schema["webhooks"].items():
        example = hook["post"]["requestBody"]["content"]["application/json"]["example"]
        assert example["type"] == name
        shape = {"$ref": "#/components/schemas/WebhookEvent", "components": schema["components"]}
        jsonschema.Draft202012Validator(shape).validate(example)


def test_it_is_served(glow):
    answer = glow.client().get("/api/v1/schema/")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "medspa API"
    page = glow.client().get("/api/v1/docs/")
    text = page.content.decode()
    assert "<style" not in text
    assert "style=" not in text
    assert text.count("<script") == text.count("<script src=")
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
