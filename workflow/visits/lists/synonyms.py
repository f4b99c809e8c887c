"""What partners call the columns of their lists, in seven languages."""

SKIP = "-"
"""Headings of what a list has and we do not take: row numbers, ages."""

SYNONYMS: dict[str, str] = {
    "full_name": (
        "фио; ф и о; фамилия имя отчество; фамилия имя; фамилия и имя; имя и фамилия; имя фамилия; "
        "полное имя; full name; name and surname; name surname; surname and name; surname name; "
        "surname given name; first and last name; last name first name; participant; traveller; guest name; "
        "adı soyadı; ad soyad; adı ve soyadı; isim soyisim; ad ve soyad; soyadı adı; soyad ad; katılımcı; "
        "姓名; 名字; 中文姓名; nom et prénom; nom et prénoms; nom prénom; prénom et nom; prénom nom; "
        "nom complet; участник; участник делегации; член делегации; делегат"
    ),
    "family": (
        "фамилия; surname; family name; last name; familyname; lastname; soyadı; soyad; soyisim; soy isim; "
        "姓; 姓氏; nom; nom de famille; фамилии; surname s"
    ),
    "given": (
        "имя; имена; name; names; given name; given names; first name; first names; forename; firstname; ad; "
        "adı; isim; ismi; 名; 名称; prénom; prénoms; given name s"
    ),
    "patronymic": (
        "отчество; отчество при наличии; patronymic; middle name; baba adı; 父名; patronyme; deuxième prénom"
    ),
    "latin_name": (
        "фио латиницей; фио лат; фио по загранпаспорту; фио как в загранпаспорте; имя латиницей; "
        "фамилия имя латиницей; name as in passport; full name as in passport; name in latin letters; "
        "name in english; name in passport; pasaporttaki adı soyadı; pasaporttaki isim; 拼音; 姓名拼音; "
        "英文姓名; 护照姓名; 拼音姓名; nom et prénom selon le passeport; nom selon le passeport"
    ),
    "latin_family": (
        "фамилия латиницей; фамилия лат; фамилия по загранпаспорту; фамилия как в загранпаспорте; "
        "фамилия латинскими буквами; фамилия англ; surname as in passport; family name as in passport; "
        "surname in latin letters; latin surname; last name as in passport; pasaporttaki soyadı; 姓拼音; "
        "英文姓; 姓 拼音; 护照姓; nom selon passeport; nom tel que dans le passeport; "
        "nom comme dans le passeport"
    ),
    "latin_given": (
        "имя лат; имя по загранпаспорту; имя как в загранпаспорте; имя латинскими буквами; имя англ; "
        "given names as in passport; given name as in passport; first name as in passport; name in latin; "
        "latin name; pasaporttaki adı; 名拼音; 英文名; 名 拼音; 护照名; prénom selon passeport; "
        "prénoms tels que dans le passeport; prénom comme dans le passeport"
    ),
    "native_name": (
        "имя на родном языке; фио на родном языке; name in native script; native name; name in own script; "
        "name in chinese; chinese name; ana dilde adı; 本国文字姓名; nom en écriture d origine; "
        "nom en langue d origine"
    ),
    "citizenship": (
        "гражданство; страна гражданства; подданство; национальность; citizenship; nationality; "
        "country of citizenship; uyruğu; uyruk; vatandaşlık; vatandaşlığı; tabiiyeti; 国籍; nationalité; "
        "citoyenneté"
    ),
    "birth_date": (
        "дата рождения; день рождения; дата рожд; д р; др; год рождения; date of birth; birth date; birthdate; dob; "
        "birthday; born; born on; doğum tarihi; d tarihi; 出生日期; 生日; 出生年月; 出生年月日; "
        "date de naissance; né le; né e le; naissance"
    ),
    "birth_place": (
        "место рождения; place of birth; birthplace; birth place; doğum yeri; 出生地; 出生地点; "
        "lieu de naissance"
    ),
    "sex": (
        "пол; sex; gender; cinsiyet; cinsiyeti; 性别; sexe; genre; m f; м ж"
    ),
    "passport_number": (
        "паспорт; номер паспорта; серия и номер паспорта; серия номер паспорта; паспорт серия номер; "
        "паспорт номер; паспорт серия и номер; номер загранпаспорта; загранпаспорт; паспорт загранпаспорт; "
        "n паспорта; заграничный паспорт; паспортные данные; данные паспорта; passport; passport no; "
        "passport number; passport nr; passport n; passport num; number of passport; passport id; "
        "travel document; travel document number; document number; pasaport; pasaport no; pasaport numarası; "
        "pasaport nu; 护照; 护照号; 护照号码; 护照编号; passeport; numéro de passeport; n de passeport; "
        "no de passeport; passeport n; passeport numéro; passeport no; серия номер"
    ),
    "passport_type": (
        "тип паспорта; вид паспорта; вид документа; тип документа; паспорт тип; паспорт вид; passport type; "
        "type of passport; document type; passport kind; pasaport türü; pasaport tipi; pasaport cinsi; "
        "护照种类; 护照类型; 护照类别; type de passeport; passeport type; nature du passeport"
    ),
    "passport_country": (
        "страна выдачи; страна выдачи паспорта; паспорт страна; country of issue; issuing country; "
        "passport country; country of passport; veren ülke; pasaportu veren ülke; 签发国; 签发国家; "
        "护照签发国; pays de délivrance; pays du passeport"
    ),
    "issued_on": (
        "дата выдачи; дата выдачи паспорта; выдан; паспорт выдан; паспорт дата выдачи; когда выдан; "
        "date of issue; issue date; issued; issued on; date issued; passport date of issue; passport issued; "
        "passport issue date; passport issued on; veriliş tarihi; düzenleme tarihi; pasaport veriliş tarihi; "
        "verildiği tarih; 签发日期; 发证日期; 护照签发日期; 签发日; date de délivrance; délivré le; "
        "date d émission; passeport délivré le"
    ),
    "expires_on": (
        "срок действия; действителен до; годен до; срок действия паспорта; действует до; дата окончания; "
        "дата окончания срока действия; паспорт действителен до; окончание срока действия; "
        "паспорт срок действия; expiry; expiry date; date of expiry; expires; expires on; valid until; "
        "valid till; expiration date; date of expiration; passport expiry; passport expiry date; "
        "passport valid until; passport expires; passport date of expiry; geçerlilik tarihi; "
        "son geçerlilik tarihi; geçerlilik süresi; bitiş tarihi; pasaport bitiş; pasaport bitiş tarihi; "
        "pasaport geçerlilik; pasaport geçerlilik süresi; pasaport son geçerlilik tarihi; "
        "pasaport geçerlilik tarihi; 有效期; 有效期至; 护照有效期; 到期日期; 截止日期; 护照有效期至; "
        "date d expiration; valable jusqu au; "
        "expire le; date de validité; validité; passeport valable jusqu au"
    ),
    "post": (
        "должность; должность звание; должность место работы; место работы должность; занимаемая должность; "
        "position; post; job title; title; occupation; "
        "job; function; görevi; görev; unvanı; unvan; ünvanı; mesleği; pozisyon; 职务; 职位; 职称; 职业; "
        "fonction; poste; qualité; titre; profession; emploi; профессия"
    ),
    "organisation": (
        "организация; место работы; учреждение; компания; предприятие; ведомство; организация учреждение; "
        "organisation; organization; company; institution; employer; place of work; workplace; affiliation; "
        "kurum; kurumu; kuruluş; firma; şirket; çalıştığı kurum; iş yeri; 单位; 工作单位; 机构; 公司; "
        "organisme; société; entreprise; établissement; employeur; lieu de travail"
    ),
    "email": (
        "email; e mail; mail; e mail address; email address; эл почта; электронная почта; почта; "
        "адрес электронной почты; адрес эл почты; e posta; eposta; e posta adresi; 邮箱; 电子邮件; 电子邮箱; "
        "邮件; courriel; adresse électronique; adresse e mail"
    ),
    "phone": (
        "телефон; тел; мобильный телефон; номер телефона; контактный телефон; моб тел; phone; telephone; "
        "mobile; tel; phone number; mobile phone; contact phone; cell phone; telefon; telefonu; cep telefonu; cep tel; "
        "telefon no; tel no; 电话; 手机; 手机号; 电话号码; 联系电话; 联系方式; téléphone; tél; portable; "
        "numéro de téléphone"
    ),
    "note": (
        "примечание; примечания; комментарий; note; notes; remark; remarks; comment; comments; açıklama; not; "
        "notlar; 备注; 说明; remarque; remarques; commentaire; observations"
    ),
    "head": (
        "глава делегации; руководитель делегации; глава; руководитель; head; head of delegation; "
        "head of the delegation; leader; delegation leader; heyet başkanı; başkan; 团长; 代表团团长; "
        "chef de délégation; chef de la délégation; роль в делегации; role; role in delegation; 团内职务; "
        "heyetteki görevi; rôle"
    ),
    SKIP: (
        "n; no; nr; п п; n п п; номер п п; номер; number; sıra; sıra no; s no; 序号; 编号; numéro; возраст; "
        "age; yaş; 年龄; âge; кем и когда выдан; кем выдан; issued by; issuing authority; veren makam; 签发机关; "
        "délivré par"
    ),
}

_BULGARIAN_AND_SPANISH: dict[str, str] = {
    "family": "apellidos; apellido",
    "given": "nombre; nombres; собствено име; име",
    "patronymic": "презиме; бащино име",
    "full_name": "име и фамилия; име презиме и фамилия; nombre y apellidos; apellidos y nombre; nombre completo",
    "latin_family": (
        "фамилия както в паспорта; фамилия на латиница; apellidos como en el pasaporte; apellido como en el pasaporte"
    ),
    "latin_given": (
        "име както в паспорта; име на латиница; nombres como en el pasaporte; nombre como en el pasaporte"
    ),
    "citizenship": "nacionalidad; ciudadanía; поданство",
    "birth_date": "дата на раждане; роден на; fecha de nacimiento; nacido el; nacimiento",
    "birth_place": "място на раждане; lugar de nacimiento",
    "sex": "sexo; género",
    "passport_number": (
        "номер на паспорта; номер на паспорт; паспорт номер; número de pasaporte; pasaporte; n de pasaporte"
    ),
    "passport_type": "вид на паспорта; tipo de pasaporte",
    "passport_country": "държава на издаване; país de expedición",
    "issued_on": "дата на издаване; издаден на; fecha de expedición; fecha de emisión; expedido el",
    "expires_on": (
        "валиден до; валидност; дата на валидност; válido hasta; fecha de caducidad; fecha de vencimiento; caduca el; "
        "caducidad"
    ),
    "post": "длъжност; cargo; puesto; profesión; ocupación",
    "organisation": "организация; институция; месторабота; organización; institución; empresa; lugar de trabajo",
    "email": "ел поща; имейл; correo electrónico; correo",
    "phone": "телефонен номер; мобилен телефон; teléfono; móvil; número de teléfono",
    "note": "забележка; бележки; observaciones; nota; notas",
    "head": "ръководител на делегацията; ръководител; jefe de la delegación; jefe de delegación; jefe",
}
SYNONYMS = {name: f"{listed}; {_BULGARIAN_AND_SPANISH.get(name, '')}" for name, listed in SYNONYMS.items()}
"""With what Bulgarian and Spanish partners call them."""

FAMILY_FIRST = (
    "фамилия имя отчество; фамилия имя; фамилия и имя; фио; ф и о; surname and name; surname name; "
    "surname given name; last name first name; soyadı adı; soyad ad; nom et prénom; nom et prénoms; "
    "nom prénom; 姓名; 中文姓名; 姓名拼音; 拼音姓名; фио латиницей; фамилия имя латиницей; apellidos y nombre"
)

GIVEN_FIRST = (
    "имя и фамилия; имя фамилия; name and surname; name surname; first and last name; adı soyadı; ad soyad; "
    "adı ve soyadı; isim soyisim; ad ve soyad; prénom et nom; prénom nom; pasaporttaki adı soyadı"
)
