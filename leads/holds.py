"""Why a lead may not go out now: a code for programs, a sentence for people, and whether time can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """`status` is the lead's; a `passing` hold is looked at again by the sweep."""

    code: str
    status: str
    reason: str
    passing: bool = True


NO_OFFER = Hold(
    "no_offer",
    "withheld",
    "The credit check did not end in an offer; a person looks after this customer.",
    passing=False,
)
OPTED_OUT = Hold("opted_out", "withheld", "The customer does not want their data sold or shared.", passing=False)
ERASED = Hold("erased", "withheld", "The customer asked us to forget them.", passing=False)
NO_CONTACT = Hold("no_contact", "withheld", "There is no telephone number or e-mail address to hand over.")
NO_BUYER = Hold("no_buyer", "withheld", "No active, certified buyer serves this customer's state.")
SWITCHED_OFF = Hold("switched_off", "withheld", "Handing over leads is switched off at the moment.")
NO_CONSENT = Hold("no_consent", "waiting_consent", "The customer has not agreed that a dealer may get in touch.")
OTHER_BUYERS = Hold(
    "other_buyers", "waiting_consent", "The customer's consent names other dealers than those available."
)
ALL_TRIED = Hold("all_tried", "rejected", "Every buyer whom the customer's consent names has said no.", passing=False)

HOLDS = {
    hold.code: hold
    for hold in (NO_OFFER, OPTED_OUT, ERASED, NO_CONTACT, NO_BUYER, SWITCHED_OFF, NO_CONSENT, OTHER_BUYERS, ALL_TRIED)
}
PASSING = tuple(code for code, hold in HOLDS.items() if hold.passing)
