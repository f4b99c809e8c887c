"""Says what is wrong in a visa rule that a person edited, by line and in the reader's language.

The commonest faults have a sentence; of the rest the program's own words are given as a detail.
"""

from typing import Any

from pydantic import ValidationError

from workflow.base.errors import Invalid
from workflow.base.reasons import Sentence
from workflow.knowledge.lined_yaml import InvalidFilesError, LinedYaml

_KINDS = {
    "extra_forbidden": "unknown-name", "missing": "missing", "literal_error": "choice", "union_tag_invalid": "choice",
    "greater_than_equal": "too-small", "int_type": "number", "int_parsing": "number", "int_from_float": "number",
    "date_type": "date", "date_parsing": "date", "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date", "bool_type": "yes-no", "bool_parsing": "yes-no", "string_type": "text",
    "string_too_short": "text", "tuple_type": "list", "list_type": "list", "dict_type": "names", "model_type": "names",
    "model_attributes_type": "names", "unknown_country": "no-country",
}
"""Kinds of pydantic's errors → the end of the code of our sentence."""


def rule_fault(line: int, code: str, **params: Any) -> Invalid:
    """Refuse a rule's text for what stands on a line; *code* is the end of a code `visas.fault-…`."""
    return Invalid("visas.rule-fault", field="text", line=line, what=Sentence(f"visas.fault-{code}", params))


def grammar_fault(error: InvalidFilesError) -> Invalid:
    """Refuse a text that is no YAML."""
    first = error.problems[0]
    return rule_fault(first.line, "grammar", detail=first.message)


def schema_fault(lined: LinedYaml, error: ValidationError) -> Invalid:
    """Refuse a text that is YAML, but no rule."""
    first = error.errors(include_url=False)[0]
    path, told = first["loc"], first.get("ctx", {})
    known = len(path)
    while known and path[:known] not in lined.lines and first["type"] != "missing":
        known -= 1  # pydantic adds which of several forms it tried
    name = next((part for part in reversed(path[:known]) if isinstance(part, str)), "")
    line, kind = lined.line_of(path), _KINDS.get(first["type"])
    if first["type"] == "string_pattern_mismatch":
        kind = "code" if told["pattern"].startswith("^[a-z]") else "currency"
    if not name:
        return rule_fault(line, "whole", detail=first["msg"].removeprefix("Value error, "))
    if kind is None:
        return rule_fault(line, "other", name=name, detail=first["msg"].removeprefix("Value error, "))
    choices = str(told.get("expected_tags") or told.get("expected") or "").replace(" or ", ", ").replace("'", "")
    return rule_fault(line, kind, name=name, choices=choices, least=str(told.get("ge", "")),
                      country=told.get("code", ""))  # fmt: skip
