"""What the invitations room's codes say."""

from workflow.base.languages import N_

SENTENCES: dict[str, str] = {
    "invitations.day-past": N_("This day is past already."),
    "invitations.day-after-arrival": N_("Ask for the answer before the visit begins."),
    "invitations.day-ahead": N_("This day has not come yet."),
    "invitations.channel-required": N_("Say how the answer came."),
    "invitations.reason-no-answer": N_("No answer to the invitation is recorded."),
    "invitations.reason-silent": N_("The partner has not answered the invitation."),
    "invitations.answer-due": N_("Get the answer to the invitation"),
    "invitations.reply-by.set": N_("Term for the answer to the invitation set"),
    "invitations.answer.recorded": N_("Answer to the invitation recorded"),
}
