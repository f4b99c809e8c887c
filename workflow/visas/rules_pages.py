"""The visa rules in the browser: what needs a look, one rule with its versions, editing with a look at open cases."""

from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.errors import Conflict, Invalid
from workflow.knowledge.visa_rule_review import review
from workflow.office.queries import our_country, our_zone
from workflow.visas import country_lists, forms, keeping, renewing, showing, words
from workflow.visas.door import READ, WRITE, confirm, door
from workflow.visas.foresight import touched_by
from workflow.web.doors import Act, needs
from workflow.web.forms import Form

KEEP = needs(Permission.VISAS_RULES)
RULE = "/visa-rules/<rule_id>"
LOOK_AGAIN_AFTER = timedelta(days=180)


@door.get("/visa-rules", READ, endpoint="rules")
def rules(act: Act) -> ResponseReturnValue:
    """List the rules with how sure and how old they are, and what needs a look."""
    ours = keeping.our_rules(act.session)
    today = local_date(act.now, our_zone(act.session))
    lists = country_lists.country_lists(act.session)
    shown = sorted(ours.current, key=lambda rule: (rule.applies_to.direction, rule.title.text(act.actor.locale)))
    return act.page("visas/rules.html", rules=shown, findings=review(ours, today, home=our_country(act.session)),
                    today_here=today, words=words, lists=lists,
                    may_keep=act.actor.may(Permission.VISAS_RULES))  # fmt: skip


@door.get(RULE, READ, endpoint="rule")
def rule_page(act: Act, rule_id: str) -> ResponseReturnValue:
    """Show a rule, its versions and their differences."""
    return _rule_page(act, rule_id)


def _rule_page(
    act: Act, rule_id: str, *, edit: Form[forms.RuleForm] | None = None, sure: Form[forms.ConfirmForm] | None = None,
    touched: Any = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    rule = keeping.find_rule(act.session, rule_id)
    versions = keeping.versions_of(act.session, rule_id)
    keepers = [one.kept.kept_by for one in versions if one.kept is not None]
    today = local_date(act.now, our_zone(act.session))
    start = {"text": keeping.rule_text(rule), "version": rule.version}
    return act.page(
        "visas/rule.html", status, rule=rule, versions=versions, words=words, today_here=today, touched=touched,
        behind=renewing.count_behind(act.session, rule), may_write=act.actor.may(Permission.VISAS_WRITE),
        names=account_names(act.session, keepers, act.actor.locale), may_keep=act.actor.may(Permission.VISAS_RULES),
        edit=edit or Form.of(forms.RuleForm, start),
        sure=sure or Form.of(forms.ConfirmForm, {"review_by": today + LOOK_AGAIN_AFTER, "version": rule.version}),
    )  # fmt: skip


@door.post(RULE, KEEP, endpoint="edit_rule")
def edit_rule(act: Act, rule_id: str) -> ResponseReturnValue:
    """Look which open cases an edited rule would touch, or keep it as its next version."""
    form = Form.posted(forms.RuleForm)
    if form.data is None:
        return _rule_page(act, rule_id, edit=form, status=form.status)
    data = form.data
    touched = None
    with form.guarding(act):
        if request.form.get("do") == "keep":
            keeping.keep_rule(act.session, act.actor, act.now, rule_id, data.text, remark=data.remark,
                              seen_version=data.version)  # fmt: skip
            confirm("visas.done-rule-kept")
            return act.to("visas.rule", rule_id=rule_id)
        rule = keeping.read_rule(data.text, rule_id=rule_id, version=data.version + 1, status="draft",
                                 rules=keeping.our_rules(act.session))  # fmt: skip
        touched = touched_by(act.session, act.actor, act.now, rule)
    return _rule_page(act, rule_id, edit=form, touched=touched, status=200 if touched is not None else form.status)


@door.post(RULE + "/confirm", KEEP, endpoint="confirm_rule")
def confirm_rule(act: Act, rule_id: str) -> ResponseReturnValue:
    """Confirm a rule as it stands."""
    form = Form.posted(forms.ConfirmForm)
    if form.data:
        with form.guarding(act):
            keeping.confirm_rule(act.session, act.actor, act.now, rule_id, remark=form.data.remark,
                                 review_by=form.data.review_by, seen_version=form.data.version,
                                 settled=form.data.settled)  # fmt: skip
            confirm("visas.done-rule-confirmed")
            return act.to("visas.rule", rule_id=rule_id)
    return _rule_page(act, rule_id, sure=form, status=form.status)


@door.get(RULE + "/cases", WRITE, endpoint="renewal")
def renewal(act: Act, rule_id: str) -> ResponseReturnValue:
    """Show which open cases have an older version of a rule, and what the newest would change in each."""
    found = renewing.foresee_renewal(act.session, act.actor, act.now, rule_id)
    titles = {item.code: {"ru": item.title.ru, "en": item.title.en} for item in found.rule.items}
    return act.page("visas/renewal.html", renewal=found, rule=found.rule, titles=titles, words=words, showing=showing)


@door.post(RULE + "/cases", WRITE, endpoint="renew")
def renew(act: Act, rule_id: str) -> ResponseReturnValue:
    """Take the newest version of a rule over for all of these cases."""
    form = Form.posted(forms.RenewForm)
    if form.data is None:
        raise Conflict("visas.rule-meanwhile")
    taken, left = renewing.renew_cases(act.session, act.actor, act.now, rule_id, seen_version=form.data.version)
    confirm("visas.done-renewed", number=taken, left=left)
    return act.to("visas.rule", rule_id=rule_id)


@door.post(RULE + "/retire", KEEP, endpoint="retire_rule")
def retire_rule(act: Act, rule_id: str) -> ResponseReturnValue:
    """Take a rule out of use."""
    form = Form.posted(forms.RetireForm)
    if form.data is None:
        raise Invalid("visas.rule-why", field="remark")
    keeping.retire_rule(act.session, act.actor, act.now, rule_id, remark=form.data.remark,
                        seen_version=form.data.version)  # fmt: skip
    confirm("visas.done-rule-retired")
    return act.to("visas.rules")
