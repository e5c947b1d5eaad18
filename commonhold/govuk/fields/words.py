"""How a label is used within a sentence."""


def within(label: str) -> str:
    """Title -> title; P1 tickets and ICT spend stay as they are."""
    first = label.split(" ")[0]
    shouted = first == "I" or any(letter.isupper() or letter.isdigit() for letter in first[1:])
    return label if shouted else label[:1].lower() + label[1:]


def missing(verb: str, label: str) -> str:
    if label.endswith("?"):
        return f"Answer the question \N{LEFT DOUBLE QUOTATION MARK}{label}\N{RIGHT DOUBLE QUOTATION MARK}"
    return f"{verb} {within(label)}"
