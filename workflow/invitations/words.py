"""Answers and channels as pages show them."""

from collections.abc import Mapping

from workflow.base.languages import N_
from workflow.invitations.rules import Answer, Channel

ANSWERS: Mapping[str, str] = {
    Answer.COMING: N_("They are coming"),
    Answer.DEPUTY: N_("They send a deputy"),
    Answer.GREETING: N_("They send a greeting only"),
    Answer.DECLINED: N_("They decline"),
    Answer.SILENT: N_("No reply although asked"),
}
OUR_ANSWERS: Mapping[str, str] = {
    Answer.COMING: N_("We are coming"),
    Answer.DEPUTY: N_("We send a deputy"),
    Answer.GREETING: N_("We send a greeting only"),
    Answer.DECLINED: N_("We decline"),
}
CHANNELS: Mapping[str, str] = {
    Channel.LETTER: N_("By letter"),
    Channel.MAIL: N_("By e-mail"),
    Channel.PHONE: N_("By telephone"),
    Channel.IN_PERSON: N_("In person"),
}
