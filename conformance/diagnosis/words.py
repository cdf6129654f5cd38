"""A group of failed cases in one sentence that an engineer can check."""

from __future__ import annotations

from conformance.diagnosis.contrast import FEWEST, Group
from conformance.model import Symptom

#: What is seen, as a clause. Where requests are counted, they are those that show it.
WHAT: dict[Symptom, str] = {
    Symptom.NOT_READ: "Pictures are not read",
    Symptom.MADE_UP: "What pictures show is made up",
    Symptom.UNSTEADY: "Of equal requests, some are answered without the picture",
    Symptom.WORDS_LOST: "Words of the request are lost",
    Symptom.ANOTHERS: "Answers tell of a picture of another request",
    Symptom.ORDER: "Pictures of one request are taken for one another",
    Symptom.DEGRADED: "Pictures are seen with less in them than was sent",
    Symptom.BILL_HIGH: "More is billed than is due",
    Symptom.BILL_LOW: "Less is counted than is due",
    Symptom.BILL_INCONSISTENT: "The bill contradicts itself, or the rule of the model",
    Symptom.BILL_MISSING: "Token counts that are due are missing",
    Symptom.ERROR_AS_ANSWER: "Errors come as answers, with status 200",
    Symptom.OVERLOOKED: "Requests that must be refused are answered",
    Symptom.LET_IN: "What must be kept out is let in",
    Symptom.LEAKED: "Replies tell what must stay inside",
    Symptom.SERVER_ERROR: "Requests that are due an answer end in a status of 500 or more",
    Symptom.REFUSAL_BREAKS: "Refusals that are due come as a status of 500 or more",
    Symptom.NO_REPLY: "Requests get no reply while others are answered",
    Symptom.REFUSED: "Requests that are due an answer are refused",
    Symptom.NO_ERROR_OBJECT: "Refusals come without an error object",
    Symptom.WRONG_ERROR: "Refusals come with another status, type or reason than is due",
    Symptom.EMPTY: "Answers are empty",
    Symptom.CUT: "Answers or streams do not end as they must",
    Symptom.MALFORMED: "Replies have not the documented form",
    Symptom.MISTOLD: "What is told of models is not so",
}


def words_of(symptom: Symptom, group: Group) -> str:
    """The symptom, what was measured, and how many requests show it, with the traits and without.

    Of fewer than ``FEWEST`` requests no cause is claimed: the requirement stands there instead.
    """
    what = WHAT[symptom] + _measured(group)
    if group.red < FEWEST or not group.traits:
        return f"{what}: {_counted(group)}{_requirement(group)}."
    named = " and ".join(trait.words for trait in group.traits)
    with_ = f"{group.red} of {group.red + group.green} requests with {named}"
    without = f"{group.red_without} of {group.red_without + group.green_without} without"
    return f"{what}: {with_}; {without}."


def _counted(group: Group) -> str:
    """All requests together, where no trait parts them; those of one check by themselves."""
    if len(_said(group)) > 1 or (group.red > 1 and not group.green):
        return f"{group.red} of {group.red + group.green} requests"
    number = max(1, group.red)
    return f"{number} request{'' if number == 1 else 's'}"


def _said(group: Group) -> list[str]:
    return list(dict.fromkeys(f.case.check.requirement for f in group.findings))


def _requirement(group: Group) -> str:
    """What a group of one or two checks is about; of more, the counts must say enough."""
    said = _said(group)
    if len(said) > 2:
        return ""
    at = list(dict.fromkeys(f.case.param.id for f in group.findings if f.case.param))
    which = f" ({', '.join(at[:4])}{', …' if len(at) > 4 else ''})" if at else ""
    return f". Not met{which}: {' '.join(said)}".rstrip(".")


def _measured(group: Group) -> str:
    """What a judgement has measured, in its own words."""
    found = next((f.measured for f in group.findings if f.measured), "")
    return f", {found}" if found else ""
