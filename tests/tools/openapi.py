"""Describe the whole interface as OpenAPI 3.1: `python -m tests.tools.openapi` writes docs/openapi.json.

Routes and their guards come from the application; the fields of a form are read off the form object that the view makes
when it is sent in the world of the sweeps, so that nothing is described by hand. The site itself serves no description.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_wtf.file import FileField as FlaskFileField
from werkzeug.routing import AnyConverter, IntegerConverter, Rule
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FileField,
    Form,
    FormField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    SubmitField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from tests.sweep.addresses import FILES, routes, variables
from tests.sweep.forms import PLACES, encoded, fill
from tests.sweep.site import Site

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "docs" / "openapi.json"
WRITE = "WRITE_OPENAPI"
OPEN = ("public", "edition_public")
MOST = 10**18 - 1
ROW = re.compile(r"-\d+")
# What the world draws anew each time it is built: ids of ten letters without vowels, and the codes of what is printed.
DRAWN = re.compile(r"[2-9bcdfghjkmnpqrstvwxz]{8,16}")
ANSWERS = {
    "200": "The page, the file or, asked by a script, JSON.",
    "303": "Done, or elsewhere; a visitor is sent to sign in.",
    "304": "Nothing has changed.",
    "400": "The form token is missing or old, or the request cannot be understood.",
    "401": "A script has to sign in first.",
    "403": "Not open to this person, or sent from another site.",
    "404": "Nothing there, or nothing there for this person: the same bytes.",
    "405": "The address knows other methods.",
    "409": "A rule of the contest is against it; the answer says which.",
    "410": "It was there and is used up.",
    "413": "Too long.",
    "422": "A field is not filled in as it has to be; the answer says which.",
    "429": "Too many tries.",
    "503": "Busy: the same may be sent again.",
}
READING = ("200", "303", "304", "400", "403", "404", "405", "410", "429", "503")
WRITING = ("200", "303", "400", "401", "403", "404", "405", "409", "410", "413", "422", "429", "503")
Json = dict[str, Any]
Seen = dict[str, list[Form]]


@contextmanager
def noted_forms() -> Iterator[list[Form]]:
    """Collect every form that is filled from a request while the block runs."""
    made: list[Form] = []
    before = Form.process

    def process(self: Form, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        before(self, formdata, *args, **kwargs)
        if formdata:
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Form, "process", process)
        yield made


def fields_of(form: Form) -> Iterator[Field]:
    """Yield the fields that are sent, those of rows and of parts too."""
    for field in form:
        yield from _inside(field)


def _inside(field: Field) -> Iterator[Field]:
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _inside(entry)
    elif isinstance(field, FormField):
        yield from fields_of(field.form)
    elif not isinstance(field, SubmitField):
        yield field


def schema_of(field: Field) -> Json:
    """Return what a field takes, as far as the form itself knows."""
    if isinstance(field, SelectMultipleField):
        return {
            "anyOf": [{"type": "array", "items": _choice(field)}, _choice(field)]
        }  # one may stand for a list of one
    if isinstance(field, (SelectField, RadioField)):
        return _choice(field)
    if isinstance(field, IntegerField):
        return {"type": "integer", **_range(field)}
    if isinstance(field, (FileField, FlaskFileField)):
        one: Json = {"type": "string", "format": "binary"}
        return {"type": "array", "items": one} if isinstance(field, MultipleFileField) else one
    return {"type": "string"} if isinstance(field, BooleanField) else {"type": "string", **_length(field)}


def _choice(field: SelectField) -> Json:
    values = [str(choice[0]) for choice in field.iter_choices()] if field.choices else []
    return {"type": "string", "enum": values} if values and field.validate_choice else {"type": "string"}


def _range(field: Field) -> Json:
    found = next((one for one in field.validators if isinstance(one, NumberRange)), None)
    limits = {"minimum": getattr(found, "min", None), "maximum": getattr(found, "max", None)}
    return {name: value for name, value in limits.items() if value is not None}


def _length(field: Field) -> Json:
    validators: list[Any] = list(field.validators)
    found = next((one for one in validators if isinstance(one, Length)), None)
    least = max(getattr(found, "min", -1), int(needed(field)))
    most = getattr(found, "max", -1)
    return ({"minLength": least} if least > 0 else {}) | ({"maxLength": most} if most > 0 else {})


def needed(field: Field) -> bool:
    """Tell whether a form without this field is refused."""
    return any(isinstance(one, (DataRequired, InputRequired)) for one in field.validators)


def body_of(forms: list[Form]) -> Json:
    """Return the body that an address takes: the fields of every form it reads."""
    properties: Json = {}
    required: set[str] = set()
    for form in forms:
        for field in fields_of(form):
            if field.name not in properties and field.name != "csrf_token":
                properties[field.name] = schema_of(field)
                required |= {field.name} if needed(field) else set()
    files = any("binary" in json.dumps(one) for one in properties.values())
    kind = "multipart/form-data" if files else "application/x-www-form-urlencoded"
    body: Json = {"type": "object", "properties": dict(sorted(properties.items()))}
    if required:
        body["required"] = sorted(required)
    return {"required": bool(required), "content": {kind: {"schema": body}}}


def path_of(rule: Rule) -> str:
    """Return the path of a route as OpenAPI writes it."""
    return re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"{\1}", rule.rule)


def parameters_of(rule: Rule, ids: Mapping[str, list[str]]) -> list[Json]:
    """Return the variables of a path; `ids` are those that exist, where they are to be named."""
    made = []
    for name in variables(rule):
        converter = rule._converters[name]  # noqa: SLF001  werkzeug offers no other way to list them
        schema: Json = {"type": "string", "minLength": 1}
        if isinstance(converter, AnyConverter):
            schema = {"type": "string", "enum": sorted(converter.items)}
        elif isinstance(converter, IntegerConverter):
            schema = {"type": "integer", "minimum": 0, "maximum": MOST}
        elif ids.get(name):
            schema = {"type": "string", "enum": ids[name]}
        made.append({"name": name, "in": "path", "required": True, "schema": schema})
    return made


def record(site: Site) -> Seen:
    """Send every form of the world once and return the forms that their views made, by endpoint."""
    seen: Seen = {}
    for key in PLACES:
        filled = fill(site, key)
        with noted_forms() as made:
            headers = {"X-Requested-With": "fetch"} if filled.script else {}
            site.person(filled.role).post(filled.path, data=encoded(filled.data), headers=headers).close()
            seen.setdefault(key.partition(" ")[0], []).extend(made)
        site.restore()
    return seen


def describe(app: Flask, seen: Seen, ids: Mapping[str, Mapping[str, list[str]]] | None = None) -> Json:
    """Return the description; with `ids`, by endpoint, it names addresses that exist."""
    paths: Json = {}
    for rule in routes():
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            paths.setdefault(path_of(rule), {})[method.lower()] = operation(app, rule, method, seen, ids or {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bảng Vàng", "version": "1", "description": __doc__.split("\n\n", 1)[1].strip()},
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
            },
            "responses": {status: {"description": words} for status, words in ANSWERS.items()},
        },
    }


def operation(app: Flask, rule: Rule, method: str, seen: Seen, ids: Mapping[str, Mapping[str, list[str]]]) -> Json:
    """Return one method of one address."""
    guard = str(vars(app.view_functions[rule.endpoint]).get("__guard__", "public"))
    answers = READING if method == "GET" else WRITING
    made: Json = {
        "operationId": f"{rule.endpoint} {method}",
        "tags": [rule.endpoint.partition(".")[0]],
        "x-guard": guard,
        "security": [] if guard in OPEN or rule.endpoint in FILES else [{"session": []}],
        "responses": {status: {"$ref": f"#/components/responses/{status}"} for status in answers},
    }
    if parameters := parameters_of(rule, ids.get(rule.endpoint, {})):
        made["parameters"] = parameters
    if method != "GET":
        made["requestBody"] = body_of(seen.get(rule.endpoint, []))
    return made


def settled(described: Json) -> Json:
    """Return the description without what the world drew: ids in names and choices, and all rows but the first."""
    for methods in described["paths"].values():
        for one in methods.values():
            for content in one.get("requestBody", {}).get("content", {}).values():
                _settle(content["schema"])
    return described


def plain_name(name: str) -> str:
    """Return the name of a field without what the world drew: an id may begin with digits, as a row does."""
    return ROW.sub("-0", DRAWN.sub("{id}", name))


def _settle(schema: Json) -> None:
    named: Json = {}
    for name, field in schema["properties"].items():
        for inner in (field, *field.get("anyOf", ()), *(one.get("items", {}) for one in field.get("anyOf", ()))):
            if any(DRAWN.fullmatch(value) for value in inner.get("enum", ())):
                del inner["enum"]
        named.setdefault(plain_name(name), field)
    schema["properties"] = dict(sorted(named.items()))
    if "required" in schema:
        schema["required"] = sorted({plain_name(name) for name in schema["required"]})


def written(described: Json) -> str:
    """Return the description as it stands in the file: a line for each method of an address."""
    lines = []
    for path, methods in described["paths"].items():
        inside = ",\n".join(f"   {_line(method)}: {_line(one)}" for method, one in methods.items())
        lines.append(f"  {_line(path)}: {{\n{inside}\n  }}")
    rest = ",\n".join(f" {_line(name)}: {_line(value)}" for name, value in described.items() if name != "paths")
    return "{\n" + rest + ',\n "paths": {\n' + ",\n".join(lines) + "\n }\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    """Write docs/openapi.json: the test that compares it writes it instead."""
    test = "tests/fuzz/test_description.py::test_the_description_is_the_one_of_today"
    command = [sys.executable, "-m", "pytest", "-q", "-m", "fuzz", test]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ) | {WRITE: "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
