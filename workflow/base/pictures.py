"""Pictures that come in are drawn anew before they are kept: no remarks, places or programs of the file stay."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from workflow.base.errors import Invalid

MOST_POINTS = 60_000_000
"""An A4 page at 600 dots to the inch has 35 million; a picture that unpacks to far more is meant to do harm."""
QUALITY = 90


def draw_again(
    data: bytes, *, jpeg: bool, field: str = "file", within: tuple[int, int] | None = None,
    most_points: int = MOST_POINTS, too_large: str = "base.picture-size", damaged: str = "base.file-damaged",
) -> bytes:  # fmt: skip
    """Decode a PNG or JPEG, turn it upright and encode it again, as JPEG or else PNG, without anything but its points.

    It is made smaller where it does not fit *within* so many points by so many. *too_large* and *damaged* are the codes
    of what is said where a picture is refused.

    Raises:
        Invalid: it cannot be read, or has too many points.
    """
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as opened:
            if opened.width * opened.height > most_points:
                raise Invalid(too_large, field=field, millions=most_points // 1_000_000)
            see_through = not jpeg and ("A" in opened.getbands() or "transparency" in opened.info)
            picture = ImageOps.exif_transpose(opened).convert("RGBA" if see_through else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise Invalid(damaged, field=field) from wrong
    if within is not None:
        picture.thumbnail(within)
    picture.info.clear()
    out = BytesIO()
    if jpeg:
        picture.save(out, "JPEG", quality=QUALITY)
    else:
        picture.save(out, "PNG")
    return out.getvalue()
