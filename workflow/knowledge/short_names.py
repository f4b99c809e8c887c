"""How a full name is shortened beside a signature."""

from workflow.knowledge.names import normalise


def short_name(full: str, language: str) -> str:
    """Give «М. П. Иванова» of «Иванова Мария Петровна», "M. Ivanova" of "Mariia Ivanova"; one word stays as it is.

    A Russian name is written surname first, others surname last.
    """
    parts = normalise(full).split(" ")
    if len(parts) < 2:
        return parts[0]
    surname, given = (parts[0], parts[1:]) if language == "ru" else (parts[-1], parts[:-1])
    initials = " ".join("-".join(f"{piece[0]}." for piece in part.split("-") if piece) for part in given)
    return f"{initials} {surname}"
