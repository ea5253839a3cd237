"""Tickets (0-5): the well-known default properties, with HubSpot's names, types and options."""

from penstock.crm.defaults.rows import DefaultType, about_the_record, choices, row
from penstock.crm.object_types import ObjectType

GROUP = "ticketinformation"

STAGES = choices(("1", "New"), ("2", "Waiting on contact"), ("3", "Waiting on us"), ("4", "Closed"))
PRIORITIES = choices(("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High"), ("URGENT", "Urgent"))
CATEGORIES = choices(
    ("PRODUCT_ISSUE", "Product issue"),
    ("BILLING_ISSUE", "Billing issue"),
    ("FEATURE_REQUEST", "Feature request"),
    ("GENERAL_INQUIRY", "General inquiry"),
)
SOURCES = choices(("CHAT", "Chat"), ("EMAIL", "Email"), ("FORM", "Form"), ("PHONE", "Phone"))
RESOLUTIONS = choices(
    ("ISSUE_FIXED", "Issue fixed"),
    ("NO_ACTION_REQUIRED", "No action required"),
    ("DUPLICATE", "Duplicate"),
    ("OTHER", "Other"),
)

TICKETS = DefaultType(
    ObjectType(
        "0-5", "tickets", "Ticket", "Tickets", "subject", searchable_properties=("subject", "content")
    ),
    ((GROUP, "Ticket information"), ("ticketactivity", "Ticket activity")),
    (
        row("subject", "Ticket name", "string", "text", GROUP, "A short summary of the ticket.", form=True),
        row(
            "content",
            "Ticket description",
            "string",
            "textarea",
            GROUP,
            "What the ticket is about.",
            form=True,
        ),
        row(
            "hs_pipeline",
            "Pipeline",
            "enumeration",
            "select",
            GROUP,
            options=choices(("0", "Support Pipeline")),
        ),
        row("hs_pipeline_stage", "Ticket status", "enumeration", "select", GROUP, options=STAGES),
        row("hs_ticket_priority", "Priority", "enumeration", "select", GROUP, options=PRIORITIES, form=True),
        row(
            "hs_ticket_category", "Category", "enumeration", "checkbox", GROUP, options=CATEGORIES, form=True
        ),
        row(
            "source_type",
            "Source",
            "enumeration",
            "select",
            GROUP,
            "Where the ticket came from.",
            options=SOURCES,
        ),
        row("hs_resolution", "Resolution", "enumeration", "checkbox", GROUP, options=RESOLUTIONS),
        row("created_by", "Created by", "enumeration", "select", GROUP, "The user who created the ticket."),
        row("closed_date", "Close date", "datetime", "date", GROUP),
        row("first_agent_reply_date", "First agent email response date", "datetime", "date", GROUP),
        row("last_reply_date", "Last customer reply date", "datetime", "date", GROUP),
        row(
            "time_to_close",
            "Time to close",
            "number",
            "number",
            GROUP,
            "Milliseconds from creation to close.",
        ),
        row("time_to_first_agent_reply", "Time to first agent email reply", "number", "number", GROUP),
        row("hs_num_times_contacted", "Number of times contacted", "number", "number", "ticketactivity"),
        row("hs_file_upload", "File upload", "string", "file", GROUP),
        row("hs_tag_ids", "Ticket tags", "enumeration", "checkbox", GROUP),
        row("hs_last_message_sent_at", "Last response date", "datetime", "date", GROUP),
        row("hs_last_message_received_at", "Last message received date", "datetime", "date", GROUP),
        row("hs_assigned_team_ids", "Assigned teams", "enumeration", "checkbox", GROUP),
        row("notes_last_contacted", "Last contacted date", "datetime", "date", "ticketactivity"),
        row("notes_last_updated", "Last activity date", "datetime", "date", "ticketactivity"),
        row("notes_next_activity_date", "Next activity date", "datetime", "date", "ticketactivity"),
        row("num_notes", "Number of sales activities", "number", "number", "ticketactivity"),
        *about_the_record(GROUP, "hs_lastmodifieddate"),
    ),
)
