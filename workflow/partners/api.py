"""Partners for programs: read only."""

from workflow.base.actor import Permission
from workflow.base.errors import NotFound
from workflow.partners import queries
from workflow.partners.models import Partner
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("partners", __name__)
READS = needs(Permission.PARTNERS_READ)


class AgreementOut(ApiModel):
    """An agreement; dates are as precise as known: "2019", "2018-03", "2020-04-22"."""

    id: int
    title_ru: str
    title_en: str
    own_party: str
    signed: str
    valid_until: str
    ended: str
    scope: list[str]


class PartnerOut(ApiModel):
    """A body that we work with; contact persons are not given out here."""

    id: int
    version: int
    key: str
    kind: str
    tie: str
    name_ru: str
    name_en: str
    name_own: str
    city_ru: str
    city_en: str
    country: str
    languages: list[str]
    website: str
    founded: str
    archived: bool


class PartnerCardOut(PartnerOut):
    """A partner with its agreements."""

    agreements: list[AgreementOut]


def _values(row: Partner) -> dict[str, object]:
    names = ("id", "key", "kind", "tie", "name_ru", "name_en", "name_own", "city_ru", "city_en", "country", "website",
             "founded")
    return {**{name: getattr(row, name) for name in names}, "version": row.lock_version,
            "languages": list(row.languages), "archived": row.archived_at is not None}


@api.get("/partners", READS, out=PartnerOut, many=True)
def partners(call: Call) -> Many:
    """List the partners that are not archived."""
    after = 0
    if call.cursor:
        if not (call.cursor.isascii() and call.cursor.isdigit() and len(call.cursor) < 16):
            raise NotFound("page")
        after = int(call.cursor)
    rows = queries.after_key(call.session, call.actor, after, call.limit + 1)
    more = str(rows[call.limit - 1].id) if len(rows) > call.limit else None
    return Many([PartnerOut.model_validate(_values(row)) for row in rows[: call.limit]], more)


@api.get("/partners/<int:partner_id>", READS, out=PartnerCardOut)
def partner(call: Call, partner_id: int) -> PartnerCardOut:
    """Give a partner with its agreements."""
    row = queries.partner(call.session, call.actor, partner_id)
    agreements = [AgreementOut.model_validate(one, strict=False)
                  for one in queries.agreements(call.session, partner_id)]
    return PartnerCardOut(**_values(row), agreements=agreements)  # type: ignore[arg-type]
