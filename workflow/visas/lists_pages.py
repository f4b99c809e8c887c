"""The lists of countries that visa rules lean on, in the browser; and a rule that there was not yet."""

from flask import request
from flask.typing import ResponseReturnValue

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.visas import country_lists, foresight, forms, keeping, words
from workflow.visas.door import READ, confirm, door
from workflow.visas.rules_pages import KEEP
from workflow.web.doors import Act
from workflow.web.formats import language
from workflow.web.forms import Form

LIST = "/visa-rules/lists/<name>"


@door.get(LIST, READ, endpoint="country_list")
def list_page(act: Act, name: str) -> ResponseReturnValue:
    """Show a list of countries, its doubts, the rules that lean on it and its versions."""
    return _list_page(act, name)


def _list_page(
    act: Act, name: str, form: Form[forms.ListForm] | None = None, touched: foresight.Foreseen | None = None,
    status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    one = country_lists.find_list(act.session, name)
    versions = country_lists.versions_of(act.session, one)
    start = {"text": country_lists.list_text(one.countries, language()), "compared": one.doubt is None,
             "version": one.version}  # fmt: skip
    return act.page(
        "visas/country_list.html", status, one=one, versions=versions, touched=touched, words=words,
        names=account_names(act.session, [each.row.kept_by for each in versions], act.actor.locale),
        may_keep=act.actor.may(Permission.VISAS_RULES), form=form or Form.of(forms.ListForm, start),
    )  # fmt: skip


@door.post(LIST, KEEP, endpoint="edit_list")
def edit_list(act: Act, name: str) -> ResponseReturnValue:
    """Look which open cases an edited list would touch, or keep it as its next version."""
    form = Form.posted(forms.ListForm)
    if form.data is None:
        return _list_page(act, name, form, status=form.status)
    data = form.data
    touched = None
    with form.guarding(act):
        country_lists.find_list(act.session, name)
        if request.form.get("do") == "keep":
            country_lists.keep_list(act.session, act.actor, act.now, name, data.text, compared=data.compared,
                                    remark=data.remark, seen_version=data.version)  # fmt: skip
            confirm("visas.done-list-kept")
            return act.to("visas.country_list", name=name)
        countries = country_lists.read_countries(data.text)
        touched = foresight.touched_by_list(act.session, act.actor, act.now, name, countries)
    return _list_page(act, name, form, touched, status=200 if touched is not None else form.status)


@door.get("/visa-rules/new", KEEP, endpoint="new_rule")
def new_rule(act: Act) -> ResponseReturnValue:
    """Ask for a new rule, begun as a copy of another one."""
    ours = sorted(keeping.our_rules(act.session).current, key=lambda rule: rule.id)
    asked = request.args.get("like", "")
    begun = next((rule for rule in ours if rule.id == asked), None)
    start = {"rule_id": "", "text": keeping.rule_text(begun) if begun else ""}
    return act.page("visas/new_rule.html", form=Form.of(forms.NewRuleForm, start), rules=ours, begun=begun,
                    touched=None, words=words)  # fmt: skip


@door.post("/visa-rules/new", KEEP, endpoint="add_rule")
def add_rule(act: Act) -> ResponseReturnValue:
    """Look which open cases a new rule would touch, or keep it as a draft."""
    form = Form.posted(forms.NewRuleForm)
    touched = None
    if form.data:
        data = form.data
        with form.guarding(act):
            if request.form.get("do") == "keep":
                keeping.add_rule(act.session, act.actor, act.now, data.rule_id, data.text, remark=data.remark)
                confirm("visas.done-rule-kept")
                return act.to("visas.rule", rule_id=data.rule_id)
            rule = keeping.read_new_rule(act.session, data.rule_id, data.text)
            touched = foresight.touched_by(act.session, act.actor, act.now, rule)
    ours = sorted(keeping.our_rules(act.session).current, key=lambda rule: rule.id)
    status = 200 if touched is not None else form.status
    return act.page("visas/new_rule.html", status, form=form, rules=ours, begun=None, touched=touched, words=words)
