"""Contacts (0-1): the well-known default properties, with HubSpot's names, types and options."""

from penstock.crm.defaults.rows import DefaultType, about_the_record, choices, row
from penstock.crm.object_types import ObjectType

GROUP = "contactinformation"

LIFECYCLE_STAGES = choices(
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketingqualifiedlead", "Marketing Qualified Lead"),
    ("salesqualifiedlead", "Sales Qualified Lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("other", "Other"),
)
LEAD_STATUSES = choices(
    ("NEW", "New"),
    ("OPEN", "Open"),
    ("IN_PROGRESS", "In Progress"),
    ("OPEN_DEAL", "Open Deal"),
    ("UNQUALIFIED", "Unqualified"),
    ("ATTEMPTED_TO_CONTACT", "Attempted to Contact"),
    ("CONNECTED", "Connected"),
    ("BAD_TIMING", "Bad Timing"),
)

CONTACTS = DefaultType(
    ObjectType(
        "0-1",
        "contacts",
        "Contact",
        "Contacts",
        "email",
        searchable_properties=("firstname", "lastname", "email", "phone", "company", "mobilephone"),
    ),
    ((GROUP, "Contact information"), ("conversioninformation", "Conversion information")),
    (
        row(
            "email", "Email", "string", "text", GROUP, "The contact's e-mail address.", unique=True, form=True
        ),
        row("firstname", "First Name", "string", "text", GROUP, "The contact's first name.", form=True),
        row("lastname", "Last Name", "string", "text", GROUP, "The contact's last name.", form=True),
        row("salutation", "Salutation", "string", "text", GROUP, form=True),
        row(
            "phone",
            "Phone Number",
            "string",
            "phonenumber",
            GROUP,
            "The contact's main phone number.",
            form=True,
        ),
        row("mobilephone", "Mobile Phone Number", "string", "phonenumber", GROUP, form=True),
        row("fax", "Fax Number", "string", "text", GROUP, form=True),
        row(
            "company",
            "Company Name",
            "string",
            "text",
            GROUP,
            "The name of the contact's company.",
            form=True,
        ),
        row("jobtitle", "Job Title", "string", "text", GROUP, form=True),
        row("industry", "Industry", "string", "text", GROUP, form=True),
        row("website", "Website URL", "string", "text", GROUP, form=True),
        row("address", "Street Address", "string", "text", GROUP, form=True),
        row("city", "City", "string", "text", GROUP, form=True),
        row("state", "State/Region", "string", "text", GROUP, form=True),
        row("zip", "Postal Code", "string", "text", GROUP, form=True),
        row("country", "Country/Region", "string", "text", GROUP, form=True),
        row("date_of_birth", "Date of birth", "string", "text", GROUP, form=True),
        row(
            "hs_language",
            "Preferred language",
            "string",
            "text",
            GROUP,
            "A language code such as en or pt-br.",
        ),
        row("hs_timezone", "Time Zone", "string", "text", GROUP, "A time zone such as Europe/Berlin."),
        row("annualrevenue", "Annual Revenue", "string", "text", GROUP, form=True),
        row("numemployees", "Number of Employees", "string", "text", GROUP, form=True),
        row(
            "message", "Message", "string", "textarea", GROUP, "What the contact wrote in a form.", form=True
        ),
        row("lifecyclestage", "Lifecycle Stage", "enumeration", "radio", GROUP, options=LIFECYCLE_STAGES),
        row("hs_lead_status", "Lead Status", "enumeration", "radio", GROUP, options=LEAD_STATUSES),
        row("notes_last_contacted", "Last Contacted", "datetime", "date", GROUP),
        row("notes_last_updated", "Last Activity Date", "datetime", "date", GROUP),
        row("hubspotscore", "HubSpot Score", "number", "number", GROUP),
        row("closedate", "Close Date", "datetime", "date", GROUP, "When the contact became a customer."),
        row("first_conversion_date", "First Conversion Date", "datetime", "date", "conversioninformation"),
        row("recent_conversion_date", "Recent Conversion Date", "datetime", "date", "conversioninformation"),
        row(
            "num_conversion_events", "Number of Form Submissions", "number", "number", "conversioninformation"
        ),
        *about_the_record(GROUP, "lastmodifieddate"),
    ),
)
