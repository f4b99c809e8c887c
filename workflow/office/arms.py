"""Pictures of arms, drawn anew before they are kept: nothing of the file that came in goes out with a letter.

PNG and JPEG are decoded and encoded again, without remarks, places and programs that hide in files. Of an SVG only
shapes, colours and references within itself are taken over; what it would load or run is left out, and text or
pictures inside are refused, because nobody would see that they are missing.
"""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

from PIL import Image, ImageOps, UnidentifiedImageError

from workflow.base.errors import Invalid, TooLarge
from workflow.base.files import JPEG, PNG, Upload, check_upload

SVG = "image/svg+xml"
LIMIT = 2 * 1024 * 1024
MOST_POINTS = 4000 * 4000
KEPT_POINTS = 1000
"""Arms stand 22 mm high: at this many points they are sharper than any printer."""
MOST_USES = 200

_NAMESPACE = "http://www.w3.org/2000/svg"
_LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use"})
_ELEMENTS = _SHAPES | {
    "svg", "g", "defs", "symbol", "title", "desc", "linearGradient", "radialGradient", "stop", "clipPath", "mask",
    "pattern", "style",
}  # fmt: skip
_REFUSED = frozenset({"text", "image", "foreignObject"})
_ATTRIBUTES = frozenset({
    "id", "class", "style", "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry",
    "fx", "fy", "width", "height", "viewBox", "preserveAspectRatio", "transform", "fill", "fill-rule",
    "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "opacity", "clip-path", "clip-rule",
    "clipPathUnits", "mask", "maskUnits", "maskContentUnits", "color", "gradientUnits", "gradientTransform",
    "spreadMethod", "offset", "stop-color", "stop-opacity", "patternUnits", "patternContentUnits",
    "patternTransform", "display", "visibility", "version", "type",
})  # fmt: skip
_PLAIN_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*>")
_FOREIGN_URL = re.compile(r"url\(\s*['\"]?\s*(?!#|['\"]?\s*#)", re.IGNORECASE)


def clean_arms(upload: Upload) -> tuple[bytes, str, str]:
    """Draw an uploaded picture of arms anew; give its bytes, media type and suffix.

    Raises:
        TooLarge: over 2 MB.
        Invalid: it is no PNG, JPEG or SVG, cannot be read, is too large, or holds text or pictures (SVG).
    """
    if b"<svg" in upload.data[:4096]:
        if len(upload.data) > LIMIT:
            raise TooLarge("base.file-too-large", field="arms", megabytes=LIMIT // (1024 * 1024))
        return _clean_svg(upload.data), SVG, ".svg"
    kind = check_upload(upload, allowed={PNG, JPEG}, limit=LIMIT, field="arms")
    return _draw_again(upload.data, kind), kind, ".png" if kind == PNG else ".jpg"


def _draw_again(data: bytes, kind: str) -> bytes:
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as opened:
            if opened.width * opened.height > MOST_POINTS:
                raise Invalid("office.arms-size", field="arms")
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if kind == PNG else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise Invalid("office.arms-unreadable", field="arms") from wrong
    picture.thumbnail((KEPT_POINTS, KEPT_POINTS))
    picture.info.clear()
    out = BytesIO()
    if kind == PNG:
        picture.save(out, "PNG", optimize=True)
    else:
        picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def _clean_svg(data: bytes) -> bytes:
    try:
        text = _PLAIN_DOCTYPE.sub("", data.decode("utf-8-sig"), count=1)
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise Invalid("office.arms-unreadable", field="arms")
        root = ET.fromstring(text.encode())  # noqa: S314 - no document type, so no entities
    except (UnicodeDecodeError, ET.ParseError, ValueError) as wrong:
        raise Invalid("office.arms-unreadable", field="arms") from wrong
    if root.tag != f"{{{_NAMESPACE}}}svg":
        raise Invalid("office.arms-unreadable", field="arms")
    try:
        clean = _copy(root)
    except RecursionError as wrong:
        raise Invalid("office.arms-unreadable", field="arms") from wrong
    if clean is None or not any(_name(one) in _SHAPES for one in clean.iter()) or _grows(clean):
        raise Invalid("office.arms-unreadable", field="arms")
    ET.register_namespace("", _NAMESPACE)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return bytes(ET.tostring(clean, encoding="utf-8"))


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{_NAMESPACE}}}") if isinstance(element.tag, str) else ""


def _copy(element: ET.Element) -> ET.Element | None:
    name = _name(element)
    if name in _REFUSED:
        raise Invalid("office.arms-parts", field="arms")
    if name not in _ELEMENTS:
        return None
    text = element.text or ""
    if name == "style" and ("@" in text or "\\" in text or _FOREIGN_URL.search(text)):
        return None
    made = ET.Element(element.tag)
    made.text = text if name in {"style", "title", "desc"} else None
    for key, value in element.attrib.items():
        if (key in _LINKS and value.startswith("#")) or (
            key in _ATTRIBUTES and "\\" not in value and not _FOREIGN_URL.search(value)
        ):
            made.set(key, value)
    made.extend([kept for child in element if (kept := _copy(child)) is not None])
    return made


def _grows(root: ET.Element) -> bool:
    """Tell whether `use` could multiply: too many of them, or one that shows another."""
    uses = [one for one in root.iter() if _name(one) == "use"]
    targets = {one.get(link, "")[1:] for one in uses for link in _LINKS if one.get(link)}
    nested = any(
        _name(inner) == "use" for one in root.iter() if one.get("id") in targets for inner in one.iter()
    )
    return len(uses) > MOST_USES or nested
