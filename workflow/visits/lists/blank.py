"""Makes the blank list that a partner fills in: seven languages, an example row that the import passes over."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO

import xlsxwriter

LANGUAGES = {"ru": "Русский", "en": "English", "tr": "Türkçe", "zh": "中文", "fr": "Français", "bg": "Български",
             "es": "Español"}  # fmt: skip
ROWS = 300
_FIRST = 3


@dataclass(frozen=True)
class _Words:
    title: str
    hint: str
    headings: tuple[str, ...]
    example: str
    sexes: tuple[str, str]
    sex_hint: str
    date_hint: str
    country: str
    post: str
    organisation: str
    yes: str


_WIDTHS = (10, 24, 24, 18, 16, 20, 12, 18, 16, 18, 28, 30, 28, 20, 18)
_DATES = (4, 8, 9)
_WORDS = {
    "ru": _Words(
        "Список членов делегации",
        "Одна строка на человека. Даты: ДД.ММ.ГГГГ. Фамилия и имя — латиницей, как в загранпаспорте. "
        "Строка «Пример» не загружается.",
        ("№", "Фамилия (как в загранпаспорте)", "Имя (как в загранпаспорте)", "Гражданство",
         "Дата рождения (ДД.ММ.ГГГГ)", "Место рождения", "Пол", "Номер паспорта", "Дата выдачи (ДД.ММ.ГГГГ)",
         "Действителен до (ДД.ММ.ГГГГ)", "Должность", "Организация", "Эл. почта", "Телефон", "Глава делегации"),
        "Пример", ("мужской", "женский"), "Выберите из списка", "ДД.ММ.ГГГГ, например 31.12.1975", "Россия", "Мэр",
        "Администрация города", "да"),
    "en": _Words(
        "List of delegation members",
        "One row for each person. Dates: DD.MM.YYYY. Names in Latin letters, as in the passport. "
        "The row “Example” is passed over.",
        ("No.", "Surname (as in passport)", "Given names (as in passport)", "Citizenship",
         "Date of birth (DD.MM.YYYY)", "Place of birth", "Sex", "Passport number", "Date of issue (DD.MM.YYYY)",
         "Valid until (DD.MM.YYYY)", "Position", "Organisation", "E-mail", "Telephone", "Head of delegation"),
        "Example", ("male", "female"), "Choose from the list", "DD.MM.YYYY, for example 31.12.1975", "United Kingdom",
        "Mayor", "City Council", "yes"),
    "tr": _Words(
        "Heyet üyeleri listesi",
        "Her kişi için bir satır. Tarihler: GG.AA.YYYY. Ad ve soyad pasaporttaki gibi. “Örnek” satırı dikkate alınmaz.",
        ("No", "Soyadı (pasaporttaki gibi)", "Adı (pasaporttaki gibi)", "Uyruğu", "Doğum tarihi (GG.AA.YYYY)",
         "Doğum yeri", "Cinsiyeti", "Pasaport numarası", "Veriliş tarihi (GG.AA.YYYY)",
         "Geçerlilik tarihi (GG.AA.YYYY)",
         "Görevi", "Kurumu", "E-posta", "Telefon", "Heyet başkanı"),
        "Örnek", ("erkek", "kadın"), "Listeden seçiniz", "GG.AA.YYYY, örneğin 31.12.1975", "Türkiye",
        "Belediye Başkanı", "Kadıköy Belediyesi", "evet"),
    "zh": _Words(
        "代表团成员名单",
        "每人一行。日期格式:日.月.年(例如 31.12.1975)。姓名拼音与护照一致。“示例”一行不会导入。",
        ("序号", "姓(拼音)", "名(拼音)", "国籍", "出生日期(日.月.年)", "出生地", "性别", "护照号码",
         "签发日期(日.月.年)", "有效期至(日.月.年)", "职务", "单位", "电子邮箱", "电话", "团长"),
        "示例", ("男", "女"), "请从列表中选择", "日.月.年,例如 31.12.1975", "中国", "市长", "市政府", "是"),
    "fr": _Words(
        "Liste des membres de la délégation",
        "Une ligne par personne. Dates : JJ.MM.AAAA. Noms comme dans le passeport. "
        "La ligne « Exemple » n’est pas importée.",
        ("N°", "Nom (comme dans le passeport)", "Prénom (comme dans le passeport)", "Nationalité",
         "Date de naissance (JJ.MM.AAAA)", "Lieu de naissance", "Sexe", "Numéro de passeport",
         "Date de délivrance (JJ.MM.AAAA)", "Valable jusqu’au (JJ.MM.AAAA)", "Fonction", "Organisme", "Courriel",
         "Téléphone", "Chef de délégation"),
        "Exemple", ("masculin", "féminin"), "Choisissez dans la liste", "JJ.MM.AAAA, par exemple 31.12.1975", "France",
        "Maire", "Mairie", "oui"),
    "bg": _Words(
        "Списък на членовете на делегацията",
        "По един ред за всеки човек. Дати: ДД.ММ.ГГГГ. Фамилия и име на латиница, както в паспорта. "
        "Редът „Пример“ не се въвежда.",
        ("№", "Фамилия (както в паспорта)", "Име (както в паспорта)", "Гражданство", "Дата на раждане (ДД.ММ.ГГГГ)",
         "Място на раждане", "Пол", "Номер на паспорта", "Дата на издаване (ДД.ММ.ГГГГ)", "Валиден до (ДД.ММ.ГГГГ)",
         "Длъжност", "Организация", "Ел. поща", "Телефон", "Ръководител на делегацията"),
        "Пример", ("мъж", "жена"), "Изберете от списъка", "ДД.ММ.ГГГГ, например 31.12.1975", "България", "Кмет",
        "Община", "да"),
    "es": _Words(
        "Lista de miembros de la delegación",
        "Una fila por persona. Fechas: DD.MM.AAAA. Apellidos y nombres como en el pasaporte. "
        "La fila «Ejemplo» no se importa.",
        ("N°", "Apellidos (como en el pasaporte)", "Nombres (como en el pasaporte)", "Nacionalidad",
         "Fecha de nacimiento (DD.MM.AAAA)", "Lugar de nacimiento", "Sexo", "Número de pasaporte",
         "Fecha de expedición (DD.MM.AAAA)", "Válido hasta (DD.MM.AAAA)", "Cargo", "Organización",
         "Correo electrónico", "Teléfono", "Jefe de la delegación"),
        "Ejemplo", ("hombre", "mujer"), "Elija de la lista", "DD.MM.AAAA, por ejemplo 31.12.1975", "España",
        "Alcalde", "Ayuntamiento", "sí"),
}  # fmt: skip


def headings_of(language: str) -> tuple[str, ...]:
    """Give the headings of the blank list in a language."""
    return _WORDS[language].headings


def example_of(language: str) -> tuple[str | date, ...]:
    """Give the row of the blank list that shows how to fill it in."""
    words = _WORDS[language]
    return (words.example, "SPECIMEN", "MARIA", words.country, date(1975, 12, 31), words.organisation.split()[0],
            words.sexes[1], "X00000000", date(2022, 3, 1), date(2032, 3, 1), words.post, words.organisation,
            "specimen@example.org", "+00 000 000 00 00", words.yes)  # fmt: skip


def title_of(language: str) -> tuple[str, str]:
    """Give the title of the blank list and how it is filled in."""
    return _WORDS[language].title, _WORDS[language].hint


@lru_cache(maxsize=8)
def blank_list(language: str) -> bytes:
    """Make the blank list in one of `LANGUAGES`, as XLSX."""
    words = _WORDS[language]
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(words.title[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", "border": 1})
    example = book.add_format({"italic": True, "font_color": "#777777"})
    example_day = book.add_format({"italic": True, "font_color": "#777777", "num_format": "dd.mm.yyyy"})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    text = book.add_format({"num_format": "@"})
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, day if column in _DATES else text)
    sheet.write_string(0, 0, words.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, words.hint, example)
    for column, heading in enumerate(words.headings):
        sheet.write_string(2, column, heading, head)
    values = example_of(language)
    for column, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(_FIRST, column, value, example_day)
        else:
            sheet.write_string(_FIRST, column, value, example)
    last = _FIRST + ROWS
    sheet.data_validation(_FIRST + 1, 6, last, 6, {
        "validate": "list", "source": list(words.sexes), "ignore_blank": True, "input_message": words.sex_hint})
    for column in _DATES:
        sheet.data_validation(_FIRST + 1, column, last, column, {
            "validate": "any", "input_message": words.date_hint, "ignore_blank": True})  # fmt: skip
    sheet.freeze_panes(3, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.set_properties({"title": words.title})
    book.close()
    return made.getvalue()
