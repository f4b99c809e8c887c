"""The form of a programme item."""

from datetime import date, time
from typing import Any

from pydantic import Field

from workflow.programme.models import ProgrammeItem
from workflow.programme.service import ItemData
from workflow.web.forms import FormModel


class ItemForm(FormModel):
    """One item of a programme."""

    day: date
    starts: time | None = None
    ends: time | None = None
    title_ru: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    place_ru: str = Field("", max_length=300)
    place_en: str = Field("", max_length=300)
    host_ru: str = Field("", max_length=300)
    host_en: str = Field("", max_length=300)
    dress_ru: str = Field("", max_length=200)
    dress_en: str = Field("", max_length=200)
    note_ru: str = Field("", max_length=1000)
    note_en: str = Field("", max_length=1000)
    internal_note: str = Field("", max_length=5000)
    menu: str = Field("", max_length=300)
    press: str = Field("", max_length=300)
    security: str = Field("", max_length=300)
    equipment: str = Field("", max_length=300)
    plan_b: str = Field("", max_length=300)
    responsible_id: int | None = Field(None, ge=1, le=2**31)
    interpreter_needed: bool = False
    interpreter_id: int | None = Field(None, ge=1, le=2**31)
    interpreter_name: str = Field("", max_length=200)
    internal_note_en: str = Field("", max_length=5000)
    menu_en: str = Field("", max_length=300)
    press_en: str = Field("", max_length=300)
    security_en: str = Field("", max_length=300)
    equipment_en: str = Field("", max_length=300)
    plan_b_en: str = Field("", max_length=300)
    interpreter_name_en: str = Field("", max_length=200)
    version: int | None = None

    def item(self) -> ItemData:
        """Give what the service takes."""
        return ItemData(**self.model_dump(exclude={"version"}))


def shown(item: ProgrammeItem) -> dict[str, Any]:
    """Give an item's values as the form shows them, hours without seconds."""
    values = {name: getattr(item, name, None) for name in ItemForm.model_fields}
    values["starts"] = f"{item.starts:%H:%M}" if item.starts else None
    values["ends"] = f"{item.ends:%H:%M}" if item.ends else None
    return values
