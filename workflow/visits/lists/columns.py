"""Which column of a partner's list holds what: the fields, what their headings are called, where the headings stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workflow.base.languages import N_
from workflow.knowledge.names import fold

HEADING_ROWS = 20

FIELDS: dict[str, str] = {
    "full_name": N_("Whole name in one cell"),
    "family": N_("Family name"),
    "given": N_("Given names"),
    "patronymic": N_("Patronymic"),
    "latin_name": N_("Whole name as in the passport"),
    "latin_family": N_("Family name as in the passport"),
    "latin_given": N_("Given names as in the passport"),
    "native_name": N_("Name in its own script"),
    "citizenship": N_("Citizenship"),
    "birth_date": N_("Date of birth"),
    "birth_place": N_("Place of birth"),
    "sex": N_("Sex"),
    "passport_number": N_("Passport number"),
    "passport_type": N_("Type of passport"),
    "passport_country": N_("Country of the passport"),
    "issued_on": N_("Passport issued on"),
    "expires_on": N_("Passport valid until"),
    "post": N_("Post"),
    "organisation": N_("Organisation"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "note": N_("Note"),
    "head": N_("Head of the delegation"),
}
"""Field → its English msgid, in the order in which pages show them."""

DATE_FIELDS = ("birth_date", "issued_on", "expires_on")
NAME_FIELDS = frozenset(
    {"full_name", "family", "given", "patronymic", "latin_name", "latin_family", "latin_given", "native_name"}
)
WHOLE_NAMES = ("full_name", "latin_name")
SKIP = "-"
"""Headings of what a list has and we do not take: row numbers, ages."""

_SYNONYMS: dict[str, str] = {
    "full_name": "фио; ф и о; фамилия имя отчество; фамилия имя; фамилия и имя; имя и фамилия; имя фамилия; полное имя;"
    " full name; name and surname; name surname; surname and name; surname name; surname given name; first and last name;"
    " last name first name; participant; traveller; guest name; adı soyadı; ad soyad; adı ve soyadı; isim soyisim;"
    " ad ve soyad; soyadı adı; soyad ad; katılımcı; 姓名; 名字; 中文姓名; nom et prénom; nom et prénoms; nom prénom;"
    " prénom et nom; prénom nom; nom complet; участник; участник делегации; член делегации; делегат",
    "family": "фамилия; surname; family name; last name; familyname; lastname; soyadı; soyad; soyisim; soy isim; 姓; 姓氏;"
    " nom; nom de famille; фамилии; surname s",
    "given": "имя; имена; name; names; given name; given names; first name; first names; forename; firstname; ad; adı;"
    " isim; ismi; 名; 名称; prénom; prénoms; given name s",
    "patronymic": "отчество; отчество при наличии; patronymic; middle name; baba adı; 父名; patronyme; deuxième prénom",
    "latin_name": "фио латиницей; фио лат; фио по загранпаспорту; фио как в загранпаспорте; имя латиницей;"
    " фамилия имя латиницей; name as in passport; full name as in passport; name in latin letters; name in english;"
    " name in passport; pasaporttaki adı soyadı; pasaporttaki isim; 拼音; 姓名拼音; 英文姓名; 护照姓名; 拼音姓名;"
    " nom et prénom selon le passeport; nom selon le passeport",
    "latin_family": "фамилия латиницей; фамилия лат; фамилия по загранпаспорту; фамилия как в загранпаспорте;"
    " фамилия латинскими буквами; фамилия англ; surname as in passport; family name as in passport;"
    " surname in latin letters; latin surname; last name as in passport; pasaporttaki soyadı; 姓拼音; 英文姓; 姓 拼音; 护照姓;"
    " nom selon passeport; nom tel que dans le passeport; nom comme dans le passeport",
    "latin_given": "имя лат; имя по загранпаспорту; имя как в загранпаспорте; имя латинскими буквами; имя англ;"
    " given names as in passport; given name as in passport; first name as in passport; name in latin; latin name;"
    " pasaporttaki adı; 名拼音; 英文名; 名 拼音; 护照名; prénom selon passeport; prénoms tels que dans le passeport;"
    " prénom comme dans le passeport",
    "native_name": "имя на родном языке; фио на родном языке; name in native script; native name; name in own script;"
    " name in chinese; chinese name; ana dilde adı; 本国文字姓名; nom en écriture d origine; nom en langue d origine",
    "citizenship": "гражданство; страна гражданства; подданство; национальность; citizenship; nationality;"
    " country of citizenship; uyruğu; uyruk; vatandaşlık; vatandaşlığı; tabiiyeti; 国籍; nationalité; citoyenneté",
    "birth_date": "дата рождения; день рождения; д р; др; год рождения; date of birth; birth date; birthdate; dob;"
    " birthday; born; born on; doğum tarihi; d tarihi; 出生日期; 生日; 出生年月; 出生年月日; date de naissance;"
    " né le; né e le; naissance",
    "birth_place": "место рождения; place of birth; birthplace; birth place; doğum yeri; 出生地; 出生地点; lieu de naissance",
    "sex": "пол; sex; gender; cinsiyet; cinsiyeti; 性别; sexe; genre; m f; м ж",
    "passport_number": "паспорт; номер паспорта; серия и номер паспорта; серия номер паспорта; паспорт серия номер;"
    " паспорт номер; паспорт серия и номер; номер загранпаспорта; загранпаспорт; паспорт загранпаспорт; n паспорта;"
    " заграничный паспорт; паспортные данные; данные паспорта; passport; passport no; passport number; passport nr;"
    " passport n; passport num; number of passport; passport id; travel document; travel document number;"
    " document number; pasaport; pasaport no; pasaport numarası; pasaport nu; 护照; 护照号; 护照号码; 护照编号; passeport;"
    " numéro de passeport; n de passeport; no de passeport; passeport n; passeport numéro; passeport no; серия номер",
    "passport_type": "тип паспорта; вид паспорта; вид документа; тип документа; паспорт тип; паспорт вид; passport type;"
    " type of passport; document type; passport kind; pasaport türü; pasaport tipi; pasaport cinsi; 护照种类; 护照类型;"
    " 护照类别; type de passeport; passeport type; nature du passeport",
    "passport_country": "страна выдачи; страна выдачи паспорта; паспорт страна; country of issue; issuing country;"
    " passport country; country of passport; veren ülke; pasaportu veren ülke; 签发国; 签发国家; 护照签发国; pays de délivrance;"
    " pays du passeport",
    "issued_on": "дата выдачи; дата выдачи паспорта; выдан; паспорт выдан; паспорт дата выдачи; когда выдан; date of issue;"
    " issue date; issued; issued on; date issued; passport date of issue; passport issued; passport issue date;"
    " passport issued on; veriliş tarihi; düzenleme tarihi; pasaport veriliş tarihi; verildiği tarih; 签发日期; 发证日期;"
    " 护照签发日期; 签发日; date de délivrance; délivré le; date d émission; passeport délivré le",
    "expires_on": "срок действия; действителен до; годен до; срок действия паспорта; действует до; дата окончания;"
    " дата окончания срока действия; паспорт действителен до; окончание срока действия; паспорт срок действия; expiry;"
    " expiry date; date of expiry; expires; expires on; valid until; valid till; expiration date; date of expiration;"
    " passport expiry; passport expiry date; passport valid until; passport expires; passport date of expiry;"
    " geçerlilik tarihi; son geçerlilik tarihi; geçerlilik süresi; bitiş tarihi; pasaport geçerlilik tarihi; 有效期; 有效期至;"
    " 护照有效期; 到期日期; 截止日期; 护照有效期至; date d expiration; valable jusqu au; expire le; date de validité; validité;"
    " passeport valable jusqu au",
    "post": "должность; должность звание; занимаемая должность; position; post; job title; title; occupation; job; function;"
    " görevi; görev; unvanı; unvan; ünvanı; mesleği; pozisyon; 职务; 职位; 职称; 职业; fonction; poste; qualité; titre;"
    " profession; emploi; профессия",
    "organisation": "организация; место работы; учреждение; компания; предприятие; ведомство; организация учреждение;"
    " organisation; organization; company; institution; employer; place of work; workplace; affiliation; kurum; kurumu;"
    " kuruluş; firma; şirket; çalıştığı kurum; iş yeri; 单位; 工作单位; 机构; 公司; organisme; société; entreprise;"
    " établissement; employeur; lieu de travail",
    "email": "email; e mail; mail; e mail address; email address; эл почта; электронная почта; почта; адрес электронной"
    " почты; адрес эл почты; e posta; eposta; e posta adresi; 邮箱; 电子邮件; 电子邮箱; 邮件; courriel; adresse électronique;"
    " adresse e mail",
    "phone": "телефон; тел; мобильный телефон; номер телефона; контактный телефон; моб тел; phone; telephone; mobile; tel;"
    " phone number; mobile phone; contact phone; cell phone; telefon; telefonu; cep telefonu; telefon no; tel no;"
    " 电话; 手机; 手机号; 电话号码; 联系电话; 联系方式; téléphone; tél; portable; numéro de téléphone",
    "note": "примечание; примечания; комментарий; note; notes; remark; remarks; comment; comments; açıklama; not; notlar;"
    " 备注; 说明; remarque; remarques; commentaire; observations",
    "head": "глава делегации; руководитель делегации; глава; руководитель; head; head of delegation;"
    " head of the delegation; leader; delegation leader; heyet başkanı; başkan; 团长; 代表团团长; chef de délégation;"
    " chef de la délégation; роль в делегации; role; role in delegation; 团内职务; heyetteki görevi; rôle",
    SKIP: "n; no; nr; п п; n п п; номер п п; номер; number; sıra; sıra no; s no; 序号; 编号; numéro; возраст; age; yaş; 年龄; âge",
}

_FAMILY_FIRST = (
    "фамилия имя отчество; фамилия имя; фамилия и имя; фио; ф и о; surname and name; surname name; surname given name;"
    " last name first name; soyadı adı; soyad ad; nom et prénom; nom et prénoms; nom prénom; 姓名; 中文姓名;"
    " фио латиницей; фамилия имя латиницей"
)
_GIVEN_FIRST = (
    "имя и фамилия; имя фамилия; name and surname; name surname; first and last name; adı soyadı; ad soyad;"
    " adı ve soyadı; isim soyisim; ad ve soyad; prénom et nom; prénom nom; pasaporttaki adı soyadı"
)
_LATIN_TWIN = {"family": "latin_family", "given": "latin_given", "full_name": "latin_name"}
_PARENTHESES = re.compile(r"[(（\[].*?[)）\]]")
_DIVIDERS = re.compile(r"[/|\n;]|\s[-–—]\s")  # noqa: RUF001


def _key(text: str) -> str:
    kept = "".join(letter if letter.isalnum() else " " for letter in fold(text.replace("№", "n")))
    return " ".join(kept.split())


def _keys(listed: str) -> frozenset[str]:
    return frozenset(_key(word) for word in listed.split(";"))


_INDEX: dict[str, str] = {key: name for name, listed in _SYNONYMS.items() for key in _keys(listed)}
_LONG = sorted((key for key, name in _INDEX.items() if name != SKIP and len(key) >= (2 if ord(key[0]) > 0x3000 else 4)),
               key=len, reverse=True)  # fmt: skip
_ORDERS = dict.fromkeys(_keys(_FAMILY_FIRST), "family") | dict.fromkeys(_keys(_GIVEN_FIRST), "given")


def _writings(heading: str) -> list[str]:
    bare = _PARENTHESES.sub(" ", heading)
    parts = [part for part in _DIVIDERS.split(bare) if part.strip()]
    inside = [found.strip("()（）[] ") for found in _PARENTHESES.findall(heading)]  # noqa: RUF001
    return [key for key in map(_key, [heading, bare, *parts, *inside]) if key]


@lru_cache(maxsize=4096)
def guess_field(heading: str) -> str | None:
    """Tell which field a heading names; `SKIP` for what is never taken, None when it is not known."""
    writings = _writings(heading[:200])
    for writing in writings:
        if writing in _INDEX:
            return _INDEX[writing]
    for writing in writings[:1]:
        for known in _LONG:
            if (known in writing) if ord(known[0]) > 0x3000 else f" {known} " in f" {writing} ":
                return _INDEX[known]
    return None


def guess_name_order(heading: str) -> str:
    """Tell whether names under a heading begin with the family name ("family"), the given ("given"), or unknown ("")."""
    return next((_ORDERS[writing] for writing in _writings(heading[:200]) if writing in _ORDERS), "")


@dataclass(frozen=True)
class Headings:
    """Where the headings of a table stand: `row` and `depth` rows of it (0: there are none), and their texts."""

    row: int
    depth: int
    texts: tuple[str, ...]

    @property
    def first(self) -> int:
        """The first row of data."""
        return self.row + self.depth


def find_headings(rows: Sequence[Sequence[str]], spanned: frozenset[int] = frozenset()) -> Headings:
    """Find the headings in the first rows: where the most fields are named.

    *spanned* are rows with cells merged across columns: their headings go together with the row below ("Passport" over
    "number" and "valid until"). Without any known heading the first row with two filled cells is taken.
    """
    best, best_score = None, 0
    for at, row in enumerate(rows[:HEADING_ROWS]):
        options = [Headings(at, 1, tuple(row))]
        if at in spanned and at + 1 < len(rows):
            options.append(Headings(at, 2, _joined(row, rows[at + 1])))
        for option in options:
            score = len({field for field in guess_columns(option.texts).values() if field != SKIP})
            if score > best_score:
                best, best_score = option, score
    if best is not None:
        return best
    filled = (at for at, row in enumerate(rows[:HEADING_ROWS]) if sum(bool(cell) for cell in row) > 1)
    at = next(filled, 0)
    return Headings(at, 1, tuple(rows[at]) if rows else ())


def headings_at(rows: Sequence[Sequence[str]], row: int | None, spanned: frozenset[int] = frozenset()) -> Headings:
    """Take the headings from the row that a person names; None: the table has none."""
    if row is None or not 0 <= row < len(rows):
        return Headings(0, 0, ("",) * max(map(len, rows), default=0))
    found = find_headings(rows, spanned)
    return found if found.row == row else Headings(row, 1, tuple(rows[row]))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    width = max(len(upper), len(lower))
    pairs = [((upper[at] if at < len(upper) else ""), (lower[at] if at < len(lower) else "")) for at in range(width)]
    return tuple(top if top == below else f"{top} {below}".strip() for top, below in pairs)


def guess_columns(headings: Sequence[str]) -> dict[int, str]:
    """Guess the field of each column; each field once, a second writing of a name is its Latin one."""
    found: dict[int, str] = {}
    for column, heading in enumerate(headings):
        field = guess_field(heading) if heading.strip() else None
        if field is None or (field != SKIP and field in found.values()):
            field = _LATIN_TWIN.get(field or "")
            if field is None or field in found.values():
                continue
        found[column] = field
    if "family" not in found.values() and "latin_family" not in found.values() and "full_name" not in found.values():
        found = {column: "full_name" if field == "given" else field for column, field in found.items()}
    return found


def columns_of(mapping: Mapping[str, str]) -> dict[str, int]:
    """Turn a stored mapping (column as text → field) into field → column."""
    return {field: int(column) for column, field in mapping.items() if field in FIELDS}
