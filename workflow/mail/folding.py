"""Folds long headers without losing spaces: Python's own folding joins two words where an encoded line ends."""

from email.header import Header
from email.headerregistry import AddressHeader
from email.policy import EmailPolicy
from typing import Any

LONGEST = 76


class SpaceKeepingPolicy(EmailPolicy):
    """The SMTP policy, but subjects and names outside ASCII are folded by `email.header`, which keeps every space."""

    def fold(self, name: str, value: Any) -> str:
        """Fold one header into lines."""
        return self._own(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Fold one header into lines of bytes."""
        own = self._own(name, value)
        return own.encode("ascii") if own else super().fold_binary(name, value)

    def _own(self, name: str, value: Any) -> str:
        if isinstance(value, AddressHeader):
            [address, *others] = value.addresses
            if others or address.display_name.isascii() or not address.addr_spec.isascii():
                return ""
            shown = self._encoded(name, address.display_name)
            return f"{name}: {shown}{self.linesep} <{address.addr_spec}>{self.linesep}"
        if name.casefold() != "subject" or str(value).isascii():
            return ""
        return f"{name}: {self._encoded(name, str(value))}{self.linesep}"

    def _encoded(self, name: str, text: str) -> str:
        return Header(text, "utf-8", maxlinelen=LONGEST, header_name=name).encode(linesep=self.linesep)


MAIL_POLICY = SpaceKeepingPolicy(linesep="\r\n")
