"""Pictures that come in are drawn anew before they are kept: no remarks, places or programs of the file stay."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from workflow.base.errors import Invalid

MOST_POINTS = 60_000_000
"""An A4 page at 600 dots to the inch has 35 million; a picture that unpacks to far more is meant to do harm."""
QUALITY = 90


def draw_again(data: bytes, *, jpeg: bool, field: str = "file") -> bytes:
    """Decode a PNG or JPEG, turn it upright and encode it again in the same format, without anything but its points.

    Raises:
        Invalid: it cannot be read, or has too many points.
    """
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as opened:
            if opened.width * opened.height > MOST_POINTS:
                raise Invalid("base.picture-size", field=field, millions=MOST_POINTS // 1_000_000)
            see_through = not jpeg and ("A" in opened.getbands() or "transparency" in opened.info)
            picture = ImageOps.exif_transpose(opened).convert("RGBA" if see_through else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise Invalid("base.file-damaged", field=field) from wrong
    picture.info.clear()
    out = BytesIO()
    if jpeg:
        picture.save(out, "JPEG", quality=QUALITY)
    else:
        picture.save(out, "PNG")
    return out.getvalue()
