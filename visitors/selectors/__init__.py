"""What may be asked about visitors. Keyword-only; returns values and never rows, so nobody else needs the models."""

from visitors.selectors.applications import (
    ApplicationDetails,
    ApplicationRef,
    RestoredForm,
    abandoned_without_assessment,
    application_details,
    application_facts,
    application_ref,
    due_for_abandonment,
    fresh_links_wanted,
    judged_abandonments,
    latest_application,
    links_used,
    restored_form,
    return_link_preview,
)
from visitors.selectors.consents import ConsentInfo, active_consent, consent_text, consents_for, site_consent_text
from visitors.selectors.figures import funnel, recent_applications, timeline
from visitors.selectors.people import Contact, person_ids, visitor_contact, visitor_facts, visitors_with_email
from visitors.selectors.sites import OriginNotAllowed, SiteInfo, UnknownSite, admitted_site, site_by_key

__all__ = [
    "ApplicationDetails",
    "ApplicationRef",
    "ConsentInfo",
    "Contact",
    "OriginNotAllowed",
    "RestoredForm",
    "SiteInfo",
    "UnknownSite",
    "abandoned_without_assessment",
    "active_consent",
    "admitted_site",
    "application_details",
    "application_facts",
    "application_ref",
    "consent_text",
    "consents_for",
    "due_for_abandonment",
    "fresh_links_wanted",
    "funnel",
    "judged_abandonments",
    "latest_application",
    "links_used",
    "person_ids",
    "recent_applications",
    "restored_form",
    "return_link_preview",
    "site_by_key",
    "site_consent_text",
    "timeline",
    "visitor_contact",
    "visitor_facts",
    "visitors_with_email",
]
