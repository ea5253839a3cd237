"""Companies (0-2): the well-known default properties, with HubSpot's names, types and options."""

from penstock.crm.defaults.contacts import LEAD_STATUSES, LIFECYCLE_STAGES
from penstock.crm.defaults.rows import DefaultType, about_the_record, choices, row
from penstock.crm.object_types import ObjectType

GROUP = "companyinformation"

KINDS = choices(
    ("PROSPECT", "Prospect"),
    ("PARTNER", "Partner"),
    ("RESELLER", "Reseller"),
    ("VENDOR", "Vendor"),
    ("OTHER", "Other"),
)

COMPANIES = DefaultType(
    ObjectType(
        "0-2",
        "companies",
        "Company",
        "Companies",
        "name",
        searchable_properties=("name", "domain", "website", "phone"),
    ),
    ((GROUP, "Company information"), ("company_activity", "Company activity")),
    (
        row("name", "Company name", "string", "text", GROUP, "The name of the company.", form=True),
        row(
            "domain",
            "Company Domain Name",
            "string",
            "text",
            GROUP,
            "The domain of the company's website.",
            form=True,
        ),
        row("website", "Website URL", "string", "text", GROUP, form=True),
        row("phone", "Phone Number", "string", "phonenumber", GROUP, form=True),
        row("industry", "Industry", "string", "text", GROUP, "What business the company is in.", form=True),
        row("type", "Type", "enumeration", "radio", GROUP, options=KINDS),
        row("description", "Description", "string", "textarea", GROUP, form=True),
        row("about_us", "About Us", "string", "textarea", GROUP),
        row("address", "Street Address", "string", "text", GROUP, form=True),
        row("address2", "Street Address 2", "string", "text", GROUP, form=True),
        row("city", "City", "string", "text", GROUP, form=True),
        row("state", "State/Region", "string", "text", GROUP, form=True),
        row("zip", "Postal Code", "string", "text", GROUP, form=True),
        row("country", "Country/Region", "string", "text", GROUP, form=True),
        row("timezone", "Time Zone", "string", "text", GROUP),
        row("annualrevenue", "Annual Revenue", "number", "number", GROUP, form=True),
        row("numberofemployees", "Number of Employees", "number", "number", GROUP, form=True),
        row("founded_year", "Year Founded", "string", "text", GROUP),
        row("is_public", "Is Public", "bool", "booleancheckbox", GROUP),
        row("linkedin_company_page", "LinkedIn Company Page", "string", "text", GROUP),
        row("linkedinbio", "LinkedIn Bio", "string", "text", GROUP),
        row("twitterhandle", "Twitter Handle", "string", "text", GROUP),
        row("lifecyclestage", "Lifecycle Stage", "enumeration", "radio", GROUP, options=LIFECYCLE_STAGES),
        row("hs_lead_status", "Lead Status", "enumeration", "radio", GROUP, options=LEAD_STATUSES),
        row("closedate", "Close Date", "datetime", "date", GROUP),
        row("notes_last_contacted", "Last Contacted", "datetime", "date", "company_activity"),
        row("notes_last_updated", "Last Activity Date", "datetime", "date", "company_activity"),
        *about_the_record(GROUP, "hs_lastmodifieddate"),
    ),
)
