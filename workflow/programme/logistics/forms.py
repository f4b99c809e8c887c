"""Forms of logistics, made from the registers' descriptions."""

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, create_model

from workflow.programme.logistics.models import OfVisit
from workflow.programme.logistics.registers import REGISTERS, Kind, Register
from workflow.programme.logistics.rules import CURRENCIES, amount
from workflow.web.forms import Form, FormModel


def _amount(typed: Any) -> Any:
    if not isinstance(typed, str):
        return typed
    minor = amount(typed)
    if minor is None:
        raise ValueError("programme.not-an-amount")
    return minor


Amount = Annotated[int | None, BeforeValidator(_amount)]

_TYPES: Mapping[Kind, Any] = {
    Kind.NUMBER: int | None, Kind.AMOUNT: Amount, Kind.DAY: date | None, Kind.TIME: time | None, Kind.YES: bool,
    Kind.MEMBER: int | None, Kind.ASSOCIATION: int | None,
}  # fmt: skip


@cache
def model_of(key: str) -> type[FormModel]:
    """Give the form of a register: a field for each column, and the version of the row."""
    fields: dict[str, Any] = {"version": (int | None, None)}
    for column, field in REGISTERS[key].columns.items():
        kind = _TYPES.get(field.kind)
        if kind is None:
            fields[column] = (str, Field("", max_length=field.limit))
        elif kind is bool:
            fields[column] = (bool, False)
        elif field.kind in (Kind.MEMBER, Kind.ASSOCIATION):
            fields[column] = (kind, Field(None, ge=1, le=2**31))
        else:
            fields[column] = (kind, None)
    return create_model(f"{key.title()}Form", __base__=FormModel, __doc__=f"One row of `{key}`.", **fields)


def values_of(register: Register, data: FormModel) -> dict[str, Any]:
    """Give what the service takes."""
    return {column: getattr(data, column) for column in register.columns}


def shown(register: Register, row: OfVisit | None) -> dict[str, Any]:
    """Give a row's values as its form shows them; first values for a new one."""
    if row is None:
        return {"quantity": 1, "days": 1, "rooms": 1, "currency": CURRENCIES[0]}
    values: dict[str, Any] = {}
    for column, field in register.columns.items():
        linked = field.kind in (Kind.MEMBER, Kind.ASSOCIATION)
        value = getattr(row, f"{column}_id" if linked else column)
        if field.kind is Kind.AMOUNT and value is not None:
            value = f"{value // 100},{value % 100:02}" if value % 100 else str(value // 100)
        values[column] = f"{value:%H:%M}" if isinstance(value, time) else value
    return values


def blank(register: Register, first: Mapping[str, Any]) -> Form[FormModel]:
    """Give the form of a new row."""
    return Form.of(model_of(register.key), {**shown(register, None), **first})
