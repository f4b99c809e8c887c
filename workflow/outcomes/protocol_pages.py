"""Pages of protocol: talks with their topics, notes for address, briefing, press and badges; diplomas."""

from typing import Any

from flask import Response, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.accounts.queries import account_names, people_to_choose
from workflow.base.actor import Permission, Role
from workflow.base.errors import Invalid, NotFound
from workflow.base.unit_of_work import rollback
from workflow.outcomes import protocol, protocol_queries
from workflow.outcomes.models import Conversation, ConversationTopic, MemberAward
from workflow.outcomes.protocol_facts import founding_of
from workflow.outcomes.protocol_forms import (
    AwardForm,
    ConversationForm,
    DiplomaForm,
    NotesForm,
    TopicForm,
    VersionForm,
    interpreting,
    values,
)
from workflow.outcomes.rules import Interpreting, shown_minutes
from workflow.papers import editions
from workflow.papers.composing import RenderError
from workflow.papers.engine import RENDERER
from workflow.papers.facts import collect, with_paper
from workflow.papers.rendering import MIMES
from workflow.papers.service import draft_paper, fault, find_kind
from workflow.visits.identity import proper
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, members
from workflow.visits.rules import Standing
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer
from workflow.web.formats import language
from workflow.web.forms import Form

door = Door("protocol", __name__)
READ = needs(Permission.OUTCOMES_READ)
WRITE = needs(Permission.OUTCOMES_WRITE)
DIPLOMAS = ("diploma", "certificate")


def _people(act: Act, visit: Visit) -> list[tuple[int, str]]:
    return [(row.id, row.person.shown_name(language())) for row in members(act.session, visit.id)]


@door.get("/visits/<int:visit_id>/protocol", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show a visit's talks, protocol notes and diplomas."""
    return _index(act, visit_id, Form.of(DiplomaForm))


def _index(act: Act, visit_id: int, form: Form[DiplomaForm]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    return act.page(
        "outcomes/protocol.html", form.status, visit=visit, tab="outcomes", form=form,
        talks=protocol_queries.conversations_of(act.session, visit.id),
        notes=protocol_queries.notes_of(act.session, visit.id),
        awards=protocol_queries.awards_of(act.session, visit.id), people=_people(act, visit),
        founding=founding_of(act.session, visit.id, act.now), open=visit.standing != Standing.CANCELLED,
    )  # fmt: skip


@door.get("/visits/<int:visit_id>/conversations/new", WRITE)
def new_conversation(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the form for a new talk, with the visit's first day and its delegation."""
    visit = get_visit(act.session, act.actor, visit_id)
    theirs = {f"theirs_{code}": "\n".join(_named(row, code) for row in members(act.session, visit.id))
              for code in ("ru", "en")}
    form = Form.of(ConversationForm, {"held_on": visit.arrival, "recorder_id": visit.responsible_id, **theirs})
    return _conversation_form(act, visit, form)


def _named(member: Any, code: str) -> str:
    post = member.post_ru if code == "ru" else member.post_en
    return ", ".join(part for part in (proper(member.person.shown_name(code)), post) if part)


def _conversation_form(
    act: Act, visit: Visit, form: Form[ConversationForm], row: Conversation | None = None
) -> ResponseReturnValue:
    return act.page(
        "outcomes/conversation_form.html", form.status, visit=visit, tab="outcomes", form=form, row=row,
        modes=interpreting(), people=people_to_choose(act.session, language(), Role.COORDINATOR, Role.MANAGER),
    )  # fmt: skip


@door.post("/visits/<int:visit_id>/conversations/new", WRITE)
def add_conversation(act: Act, visit_id: int) -> ResponseReturnValue:
    """Enter a talk."""
    form = Form.posted(ConversationForm)
    if form.data:
        with form.guarding(act):
            row = protocol.add_conversation(act.session, act.actor, act.now, visit_id, values(form.data))
            flash(_("The talk is entered. Now enter its topics."))
            return act.to("protocol.conversation", conversation_id=row.id)
    return _conversation_form(act, get_visit(act.session, act.actor, visit_id), form)


@door.get("/conversations/<int:conversation_id>", READ)
def conversation(act: Act, conversation_id: int) -> ResponseReturnValue:
    """Show a talk: who, its topics, and the papers that are made of it."""
    row = protocol_queries.get_conversation(act.session, act.actor, conversation_id)
    visit = get_visit(act.session, act.actor, row.visit_id)
    topics = protocol_queries.topics_of(act.session, row.id)
    mode = Interpreting(row.interpreting)
    minutes = {topic.id: shown_minutes(topic.minutes, mode) for topic in topics}
    return act.page(
        "outcomes/conversation.html", visit=visit, tab="outcomes", row=row, topics=topics, minutes=minutes,
        modes=dict(interpreting()), total=sum(count or 0 for count in minutes.values()),
        recorder=account_names(act.session, [row.recorder_id], language()).get(row.recorder_id or 0, ""),
        languages=find_kind("agenda").languages, open=visit.standing != Standing.CANCELLED,
    )  # fmt: skip


@door.get("/conversations/<int:conversation_id>/edit", WRITE)
def edit_conversation(act: Act, conversation_id: int) -> ResponseReturnValue:
    """Show a talk for changing."""
    row = protocol_queries.get_conversation(act.session, act.actor, conversation_id)
    form = Form.of(ConversationForm, row)
    form.settle_version(row.lock_version)
    return _conversation_form(act, get_visit(act.session, act.actor, row.visit_id), form, row)


@door.post("/conversations/<int:conversation_id>/edit", WRITE)
def change_conversation(act: Act, conversation_id: int) -> ResponseReturnValue:
    """Change a talk."""
    form = Form.posted(ConversationForm)
    if form.data:
        with form.guarding(act):
            protocol.change_conversation(act.session, act.actor, act.now, conversation_id, values(form.data),
                                         version=form.data.version)
            flash(_("Saved."))
            return act.to("protocol.conversation", conversation_id=conversation_id)
    row = protocol_queries.get_conversation(act.session, act.actor, conversation_id)
    if form.theirs:
        form.settle_version(row.lock_version)
    return _conversation_form(act, get_visit(act.session, act.actor, row.visit_id), form, row)


@door.post("/conversations/<int:conversation_id>/remove", WRITE)
def remove_conversation(act: Act, conversation_id: int) -> ResponseReturnValue:
    """Take a talk away with its topics."""
    form = Form.posted(VersionForm)
    visit_id = protocol.remove_conversation(act.session, act.actor, act.now, conversation_id,
                                            version=form.data.version if form.data else None)
    flash(_("The talk is removed."))
    return act.to("protocol.index", visit_id=visit_id)


@door.post("/conversations/<int:conversation_id>/record", needs(Permission.PAPERS_WRITE))
def draft_record(act: Act, conversation_id: int) -> ResponseReturnValue:
    """Draft the record of this talk."""
    row = protocol_queries.get_conversation(act.session, act.actor, conversation_id)
    paper = draft_paper(act.session, act.actor, act.now, row.visit_id, "conversation-record",
                        about=("conversation", row.id))
    flash(_("The paper is drafted. Check its text."))
    return act.to("papers.paper", paper_id=paper.id)


@door.get("/conversations/<int:conversation_id>/agenda/<language>.<form>", needs(Permission.PAPERS_READ))
def agenda(act: Act, conversation_id: int, language: str, form: str) -> Response:
    """Print the agenda of this talk."""
    row = protocol_queries.get_conversation(act.session, act.actor, conversation_id)
    kind = find_kind("agenda")
    if language not in kind.wordings or form not in ("pdf", "docx"):
        raise NotFound("paper")
    told = collect(act.session, act.now, row.visit_id, kind, ("conversation", row.id))
    facts = with_paper(told, number="", dated=None, code=None, verify_url="", final=True)
    rollback(act.session)
    wanted: Any = form
    try:
        made = RENDERER.render(editions.edition("agenda", language), facts, wanted)
    except RenderError as wrong:
        raise fault(wrong) from wrong
    return offer(made.data, name=f"agenda-{conversation_id}-{language}.{form}", media_type=MIMES[wanted])


@door.get("/conversations/<int:conversation_id>/topics/new", WRITE)
def new_topic(act: Act, conversation_id: int) -> ResponseReturnValue:
    """Show the form for a new topic."""
    return _topic_form(act, protocol_queries.get_conversation(act.session, act.actor, conversation_id),
                       Form.of(TopicForm))


def _topic_form(
    act: Act, talk: Conversation, form: Form[TopicForm], row: ConversationTopic | None = None
) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, talk.visit_id)
    return act.page("outcomes/topic_form.html", form.status, visit=visit, tab="outcomes", form=form, talk=talk, row=row)


@door.post("/conversations/<int:conversation_id>/topics/new", WRITE)
def add_topic(act: Act, conversation_id: int) -> ResponseReturnValue:
    """Enter a topic."""
    form = Form.posted(TopicForm)
    if form.data:
        with form.guarding(act):
            row = protocol.add_topic(act.session, act.actor, act.now, conversation_id, values(form.data))
            flash(_("The topic is entered."))
            return act.to("protocol.conversation", conversation_id=conversation_id, fragment=f"topic-{row.id}")
    return _topic_form(act, protocol_queries.get_conversation(act.session, act.actor, conversation_id), form)


@door.get("/topics/<int:topic_id>/edit", WRITE)
def edit_topic(act: Act, topic_id: int) -> ResponseReturnValue:
    """Show a topic for changing."""
    row, talk = protocol_queries.get_topic(act.session, act.actor, topic_id)
    form = Form.of(TopicForm, row)
    form.settle_version(row.lock_version)
    return _topic_form(act, talk, form, row)


@door.post("/topics/<int:topic_id>/edit", WRITE)
def change_topic(act: Act, topic_id: int) -> ResponseReturnValue:
    """Change a topic."""
    form = Form.posted(TopicForm)
    if form.data:
        with form.guarding(act):
            row = protocol.change_topic(act.session, act.actor, act.now, topic_id, values(form.data),
                                        version=form.data.version)
            flash(_("Saved."))
            return act.to("protocol.conversation", conversation_id=row.conversation_id, fragment=f"topic-{row.id}")
    row, talk = protocol_queries.get_topic(act.session, act.actor, topic_id)
    if form.theirs:
        form.settle_version(row.lock_version)
    return _topic_form(act, talk, form, row)


@door.post("/topics/<int:topic_id>/remove", WRITE)
def remove_topic(act: Act, topic_id: int) -> ResponseReturnValue:
    """Take a topic out."""
    form = Form.posted(VersionForm)
    talk = protocol.remove_topic(act.session, act.actor, act.now, topic_id,
                                 version=form.data.version if form.data else None)
    flash(_("The topic is removed."))
    return act.to("protocol.conversation", conversation_id=talk.id)


@door.get("/visits/<int:visit_id>/protocol/notes", WRITE)
def notes(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the notes for changing."""
    visit = get_visit(act.session, act.actor, visit_id)
    row = protocol_queries.notes_of(act.session, visit.id)
    form = Form.of(NotesForm, row)
    if row is not None:
        form.settle_version(row.lock_version)
    return _notes_form(act, visit, form)


def _notes_form(act: Act, visit: Visit, form: Form[NotesForm]) -> ResponseReturnValue:
    return act.page("outcomes/notes_form.html", form.status, visit=visit, tab="outcomes", form=form,
                    founding=founding_of(act.session, visit.id, act.now))


@door.post("/visits/<int:visit_id>/protocol/notes", WRITE)
def write_notes(act: Act, visit_id: int) -> ResponseReturnValue:
    """Save the notes."""
    form = Form.posted(NotesForm)
    if form.data:
        with form.guarding(act):
            protocol.write_notes(act.session, act.actor, act.now, visit_id, values(form.data),
                                 version=form.data.version)
            flash(_("Saved."))
            return act.to("protocol.index", visit_id=visit_id, fragment="notes")
    visit = get_visit(act.session, act.actor, visit_id)
    row = protocol_queries.notes_of(act.session, visit.id)
    if form.theirs and row is not None:
        form.settle_version(row.lock_version)
    return _notes_form(act, visit, form)


@door.get("/visits/<int:visit_id>/awards/new", WRITE)
def new_award(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the form for what is awarded."""
    return _award_form(act, get_visit(act.session, act.actor, visit_id), Form.of(AwardForm))


def _award_form(act: Act, visit: Visit, form: Form[AwardForm], row: MemberAward | None = None) -> ResponseReturnValue:
    return act.page("outcomes/award_form.html", form.status, visit=visit, tab="outcomes", form=form, row=row,
                    people=_people(act, visit))


@door.post("/visits/<int:visit_id>/awards/new", WRITE)
def add_award(act: Act, visit_id: int) -> ResponseReturnValue:
    """Enter what is awarded."""
    form = Form.posted(AwardForm)
    if form.data:
        with form.guarding(act):
            protocol.add_award(act.session, act.actor, act.now, visit_id, values(form.data))
            flash(_("Saved."))
            return act.to("protocol.index", visit_id=visit_id, fragment="awards")
    return _award_form(act, get_visit(act.session, act.actor, visit_id), form)


@door.get("/awards/<int:award_id>/edit", WRITE)
def edit_award(act: Act, award_id: int) -> ResponseReturnValue:
    """Show what is awarded for changing."""
    row = protocol_queries.get_award(act.session, act.actor, award_id)
    form = Form.of(AwardForm, row)
    form.settle_version(row.lock_version)
    return _award_form(act, get_visit(act.session, act.actor, row.visit_id), form, row)


@door.post("/awards/<int:award_id>/edit", WRITE)
def change_award(act: Act, award_id: int) -> ResponseReturnValue:
    """Change what is awarded."""
    form = Form.posted(AwardForm)
    if form.data:
        with form.guarding(act):
            row = protocol.change_award(act.session, act.actor, act.now, award_id, values(form.data),
                                        version=form.data.version)
            flash(_("Saved."))
            return act.to("protocol.index", visit_id=row.visit_id, fragment="awards")
    row = protocol_queries.get_award(act.session, act.actor, award_id)
    if form.theirs:
        form.settle_version(row.lock_version)
    return _award_form(act, get_visit(act.session, act.actor, row.visit_id), form, row)


@door.post("/awards/<int:award_id>/remove", WRITE)
def remove_award(act: Act, award_id: int) -> ResponseReturnValue:
    """Take an award away."""
    form = Form.posted(VersionForm)
    visit_id = protocol.remove_award(act.session, act.actor, act.now, award_id,
                                     version=form.data.version if form.data else None)
    flash(_("Removed."))
    return act.to("protocol.index", visit_id=visit_id, fragment="awards")


@door.post("/visits/<int:visit_id>/protocol/diploma", needs(Permission.PAPERS_WRITE))
def draft_diploma(act: Act, visit_id: int) -> ResponseReturnValue:
    """Draft a diploma or a certificate for one member."""
    form = Form.posted(DiplomaForm)
    if form.data:
        with form.guarding(act):
            visit = get_visit(act.session, act.actor, visit_id)
            if form.data.kind not in DIPLOMAS:
                raise Invalid("base.not-a-choice", field="kind")
            if form.data.member_id not in dict(_people(act, visit)):
                raise Invalid("base.not-a-choice", field="member_id")
            paper = draft_paper(act.session, act.actor, act.now, visit.id, form.data.kind,
                                about=("member", form.data.member_id))
            flash(_("The paper is drafted. Check its text."))
            return act.to("papers.paper", paper_id=paper.id)
    return _index(act, visit_id, form)
