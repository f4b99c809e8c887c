"""What the codes of wordings and templates say."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    # faults of a wording; `-meant` where we know what may be meant
    "papers.wording-at-line": N_("Line {line}: {what}"),
    "papers.wording-at-place": N_("{place}, paragraph {line}: {what}"),
    "papers.wording-place-body": N_("Text"),
    "papers.wording-place-header": N_("Page header"),
    "papers.wording-place-footer": N_("Page footer"),
    "papers.wording-place-footnotes": N_("Footnotes"),
    "papers.wording-place-properties": N_("Properties of the file"),
    "papers.wording-empty": N_("The wording is empty."),
    "papers.wording-too-long": N_("The wording is too long: at most 100,000 characters."),
    "papers.wording-too-deep": N_("too many brackets or blocks inside each other."),
    "papers.wording-syntax": N_(
        "a placeholder or statement is not closed or not written rightly. Write {{{{ visit.purpose }}}} or "
        "{{% if visit.payer %}} … {{% endif %}}."
    ),
    "papers.wording-fact-unknown": N_("“{detail}” is not a fact. Choose one from the list of facts."),
    "papers.wording-fact-unknown-meant": N_("“{detail}” is not a fact; did you mean “{meant}”?"),
    "papers.wording-section-elsewhere": N_("papers of this kind know no facts of “{detail}”."),
    "papers.wording-filter-unknown": N_("there is no form “{detail}”."),
    "papers.wording-filter-unknown-meant": N_("there is no form “{detail}”; did you mean “{meant}”?"),
    "papers.wording-test-unknown": N_("there is no question “is {detail}”."),
    "papers.wording-test-unknown-meant": N_("there is no question “is {detail}”; did you mean “is {meant}”?"),
    "papers.wording-tag-unknown": N_("there is no statement “{detail}”: only if, for and set."),
    "papers.wording-tag-unknown-meant": N_("there is no statement “{detail}”; did you mean “{meant}”?"),
    "papers.wording-block-open": N_("“{detail}” is begun and never closed. Put {{% end{detail} %}} where it ends."),
    "papers.wording-block-not-begun": N_("“{detail}” closes or continues what was never begun."),
    "papers.wording-forbidden": N_("“{detail}” is not allowed in a wording: only facts, their forms, if, for and set."),
    "papers.wording-not-a-list": N_("“{detail}” is not a list, so “for” cannot go through it."),
    "papers.wording-list-not-gone-through": N_(
        "“{detail}” is a list. Go through it with {{% for … in {detail} %}} or choose from it with “pick”."
    ),
    "papers.wording-printed-list": N_(
        "“{detail}” is a list and cannot stand in the text as it is. Use its form “lines” or “for”."
    ),
    "papers.wording-printed-list-meant": N_(
        "“{detail}” is a list and cannot stand in the text as it is. Go through it with “for” and write {meant}."
    ),
    "papers.wording-printed-group": N_("“{detail}” is a group of facts; write which one of it is meant."),
    "papers.wording-printed-group-meant": N_(
        "“{detail}” is a group of facts; write which one of it, for example {meant}."
    ),
    "papers.wording-frame-unknown": N_("there is no part “{detail}” of a paper."),
    "papers.wording-frame-unknown-meant": N_("there is no part “{detail}” of a paper; did you mean “{meant}”?"),
    "papers.wording-frame-open": N_("the part “{detail}” is not closed. Put ::: on a line of its own."),
    "papers.wording-table-head": N_(
        "under the heading of a table there must be a line of dashes with as many columns."
    ),
    "papers.wording-table-row": N_("this row of the table has more columns than its heading."),
    # faults of a file
    "papers.text-template-damaged": N_("This is no Word document that can be opened. Save it again as DOCX."),
    "papers.text-template-too-large": N_("The file holds too many or too large parts."),
    "papers.text-template-entities": N_("The file holds definitions that no Word document needs, and was refused."),
    # why an act cannot be done
    "papers.wording-faulty": N_("The wording has faults."),
    "papers.template-faulty": N_("The template has faults."),
    "papers.wording-draft-gone": N_("The draft that you had open was put into use or deleted. Open the page again."),
    "papers.wording-deleted": N_("Version {n} was deleted and cannot be used any more. Choose another version."),
    "papers.wording-applies": N_("Version {n} is in use. Put another one into use first."),
    "papers.wording-delivered": N_("The wording as delivered cannot be deleted."),
    "papers.wording-has-language": N_("This kind of paper has that language already, or it has been begun."),
    "papers.template-deleted": N_("Template {n} was deleted. Hand it in again."),
    "papers.template-moved": N_("Somebody else has just changed template {n}. Open the page again."),
    "papers.template-second-person": N_("You handed this template in; a second person puts it into use."),
    # events
    "papers.wording.saved": N_("Wording saved"),
    "papers.wording.language-added": N_("Language of a wording begun"),
    "papers.wording.activated": N_("Wording put into use"),
    "papers.wording.deleted": N_("Version of a wording deleted"),
    "papers.template.handed-in": N_("Word template handed in"),
    "papers.template.activated": N_("Word template put into use"),
    "papers.template.retired": N_("Word template put out of use"),
    "papers.template.deleted": N_("Word template deleted"),
}
