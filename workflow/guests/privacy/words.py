"""What kinds, grounds, categories and columns are called, for pages to translate."""

from workflow.base.languages import N_
from workflow.guests.privacy.rules import Ground, Kind, Part

KINDS: dict[str, tuple[str, str]] = {
    Kind.SCANS: (N_("Scans and data of documents for visas"), N_("days after the last day of the visit")),
    Kind.PASSPORTS: (N_("Passports, birth data, home address, photo, diet, health and whom to call in an emergency"),
                     N_("days without any visit")),
    Kind.GUESTS: (N_("What guests and partners entered by their links"), N_("days after the last day of the visit")),
    Kind.LISTS: (N_("Lists of delegations handed in, and their previews"), N_("days after they came")),
    Kind.PREVIEWS: (N_("Lists of addressees that were not taken"), N_("days after they came")),
    Kind.MAILS: (N_("Texts and addresses of mails"), N_("days after sending")),
    Kind.PAPERS: (N_("Words, facts and files of papers, and to whom they went"), N_("days after the visit was closed")),
    Kind.ADDRESSEES: (N_("Recipients of batches and what they answered, drivers, whom we told the days, words of "
                         "answers to invitations, contacts of requests, archived contacts of partners"),
                      N_("days after the visit was closed, the request turned down or the contact archived")),
}  # fmt: skip

GROUNDS: dict[str, str] = {
    Ground.REACHED: N_("The purpose is reached, or no longer there"),
    Ground.WITHDRAWN: N_("The person withdrew the consent"),
    Ground.ASKED: N_("The person, or a representative, asked for it"),
    Ground.UNLAWFUL: N_("The data were processed unlawfully"),
}

PARTS: dict[str, str] = {
    Part.CARD: N_("Card: names, citizenship, birth data, contacts, post, needs"),
    Part.PASSPORTS: N_("Passports"),
    Part.PHOTO: N_("Photo"),
    Part.MEMBERS: N_("Post, organisation and remarks in delegations"),
    Part.VISAS: N_("Visa cases: numbers of visas, remarks"),
    Part.SCANS: N_("Scans of documents"),
    Part.GUESTS: N_("What was entered by personal link"),
    Part.PAPERS: N_("Papers about this person: words, facts and files"),
    Part.MAILS: N_("Mails to this person"),
    Part.LISTS: N_("Lists of the person's delegations, as they were handed in"),
    Part.FORMS: N_("Case forms of the name"),
    Part.MENTIONS: N_("Mentions of the name in other records"),
}

SECTIONS: dict[str, str] = {
    "person": N_("Card"), "passports": N_("Passports"), "posts": N_("Posts before"), "name_forms": N_("Case forms"),
    "visits": N_("Visits"), "members": N_("Part in delegations"), "visa_cases": N_("Visa cases"),
    "checklist": N_("Documents for the visa"), "consents": N_("Consents"),
    "proposals": N_("Entered by personal link"), "papers": N_("Papers"), "mails": N_("Mails"),
    "letters": N_("To whom letters went"),
    "looks": N_("When these data were shown to somebody"), "trip_task": N_("Tasks for the trip"),
    "member_award": N_("Awards"), "files": N_("Files"),
}  # fmt: skip

LABELS: dict[str, str] = {
    "id": N_("Number of the record"), "native_family": N_("Family name, own writing"),
    "native_given": N_("Given name, own writing"), "native_patronymic": N_("Patronymic, own writing"),
    "latin_family": N_("Family name in Latin letters"), "latin_given": N_("Given name in Latin letters"),
    "russian_family": N_("Family name in Russian"), "russian_given": N_("Given name in Russian"),
    "russian_patronymic": N_("Patronymic in Russian"), "sex": N_("Sex"), "citizenships": N_("Citizenship"),
    "citizenship": N_("Citizenship"), "birth_date": N_("Birth date"), "birth_place": N_("Birth place"),
    "birth_place_latin": N_("Birth place in Latin letters"), "home_address_latin": N_("Home address in Latin letters"),
    "residence": N_("Country of residence"), "home_address": N_("Home address"), "email": N_("E-mail"),
    "phone": N_("Telephone"), "languages": N_("Languages"), "language": N_("Language"),
    "post_ru": N_("Post in Russian"), "post_en": N_("Post in English"),
    "organisation_ru": N_("Organisation in Russian"),
    "organisation_en": N_("Organisation in English"), "diet": N_("Diet"), "access_needs": N_("Access"),
    "emergency_name": N_("In an emergency: whom"), "emergency_phone": N_("In an emergency: telephone"),
    "checked_on": N_("Data last said to be right"), "created_at": N_("Entered"), "person_id": N_("Person's number"),
    "type": N_("Kind"), "country": N_("Country"), "number": N_("Number"), "issued_on": N_("Issued"),
    "expires_on": N_("Expires on"), "authority": N_("Issued by"), "biometric": N_("Biometric"),
    "zone_read_on": N_("Read from its zone on"), "visit_id": N_("Visit's number"), "member_id": N_("Part's number"),
    "state": N_("State"), "title_ru": N_("Title in Russian"), "title_en": N_("Title in English"),
    "arrival": N_("First day"), "departure": N_("Last day"), "dated": N_("Date"), "kind": N_("Kind"),
    "subject": N_("Subject"), "text": N_("Text"), "to_address": N_("Address"), "to_name": N_("To whom"),
    "sent_at": N_("Sent"), "at": N_("When"), "given_at": N_("Given"), "withdrawn_at": N_("Withdrawn"),
    "visa_number": N_("Number of the visa"), "valid_from": N_("Valid from"), "valid_to": N_("Valid to"),
    "document": N_("What is written in it"), "content": N_("What was entered"), "added_at": N_("Entered"),
    "since": N_("Since"), "until": N_("Until"),
    "accompanied_by_parent": N_("Travels with a parent"), "genitive": N_("Genitive"), "dative": N_("Dative"),
    "accusative": N_("Accusative"), "instrumental": N_("Instrumental"), "prepositional": N_("Prepositional"),
    "answer": N_("Answer"), "answer_text": N_("Words of the answer"), "answered_at": N_("Answered"),
    "appointment_on": N_("Appointment: day"), "appointment_at": N_("Appointment: hour"),
    "appointment_place": N_("Appointment: place"), "ask_about_health": N_("Ask about health before the visit"),
    "ask_about_health_on": N_("Noted on"), "ask_due_on": N_("To be asked by"),
    "blank_pages": N_("Blank pages in the passport"), "by_hand": N_("Entered by hand"), "code": N_("Document"),
    "confirmed": N_("Confirmed"), "confirmed_at": N_("Confirmed on"), "corrected": N_("Corrected by a person"),
    "decided_at": N_("Decided"), "decided_on": N_("Decided on"), "destination": N_("Border into"),
    "direction": N_("Direction"), "due_on": N_("Due"), "earlier_stays": N_("Earlier stays"),
    "end_reason": N_("Why the part ended"), "ended_at": N_("Part ended"), "entries": N_("Number of entries"),
    "filed_on": N_("Filed"), "first_day": N_("First day"), "last_day": N_("Last day"), "gender": N_("Sex"),
    "hand_answered_on": N_("Answered on"), "held_since": N_("Held since"), "how": N_("How it was sent"),
    "is_head": N_("Head of the delegation"), "made_at": N_("Entered"), "materials_ru": N_("Materials, in Russian"),
    "materials_en": N_("Materials, in English"), "not_needed_reason": N_("Why no visa is needed"),
    "noted_at": N_("Noted"), "opened_at": N_("Opened"), "outcome": N_("Decision"),
    "passport_type": N_("Kind of passport"), "post_since": N_("In this post since"),
    "queued_at": N_("Put in the queue"), "reason": N_("Reason"), "recorded_at": N_("Recorded"),
    "refusal": N_("Why it was refused"), "released_at": N_("Released"), "report_ru": N_("Report, in Russian"),
    "report_en": N_("Report, in English"), "required": N_("Required"), "result_ru": N_("Result, in Russian"),
    "result_en": N_("Result, in English"), "retired_at": N_("Not used since"), "role_ru": N_("Role, in Russian"),
    "role_en": N_("Role, in English"), "seat": N_("Seat"), "seat_en": N_("Seat, in English"),
    "sent_on": N_("Sent on"), "task_ru": N_("Task, in Russian"), "task_en": N_("Task, in English"),
    "text_version": N_("Version of the text"), "through": N_("Countries on the way"), "to_whom": N_("To whom"),
    "told_on": N_("Told on"), "transit": N_("Only in transit"), "wanted": N_("Asked for"),
}  # fmt: skip
