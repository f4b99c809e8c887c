"""What a slip of a translation says in words: the same fields in the form and in the API."""

from pydantic import BaseModel, Field

from workflow.translations.rules import MAX_CHARACTERS


class SlipWords(BaseModel):
    """Languages, volume, and what the translator should know, in Russian and, where the slip is read so, in English."""

    title: str = Field("", max_length=300)
    source_language: str = Field("", max_length=8)
    target_language: str = Field("", max_length=8)
    characters: int | None = Field(None, ge=1, le=MAX_CHARACTERS)
    text_user: str = Field("", max_length=300)
    names: str = Field("", max_length=10_000)
    instructions: str = Field("", max_length=10_000)
    text_version: str = Field("", max_length=100)
    reference_texts: str = Field("", max_length=2_000)
    layout: str = Field("", max_length=300)
    confidentiality: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    text_user_en: str = Field("", max_length=300)
    instructions_en: str = Field("", max_length=10_000)
    text_version_en: str = Field("", max_length=100)
    reference_texts_en: str = Field("", max_length=2_000)
    layout_en: str = Field("", max_length=300)
    confidentiality_en: str = Field("", max_length=300)
    reviser_id: int | None = Field(None, ge=1, le=2**31)
