"""Deals (0-3): the well-known default properties, with HubSpot's names, types and options."""

from penstock.crm.defaults.rows import DefaultType, about_the_record, choices, row
from penstock.crm.object_types import ObjectType

GROUP = "dealinformation"

STAGES = choices(
    ("appointmentscheduled", "Appointment Scheduled"),
    ("qualifiedtobuy", "Qualified To Buy"),
    ("presentationscheduled", "Presentation Scheduled"),
    ("decisionmakerboughtin", "Decision Maker Bought-In"),
    ("contractsent", "Contract Sent"),
    ("closedwon", "Closed Won"),
    ("closedlost", "Closed Lost"),
)
KINDS = choices(("newbusiness", "New Business"), ("existingbusiness", "Existing Business"))
PRIORITIES = choices(("low", "Low"), ("medium", "Medium"), ("high", "High"))
FORECASTS = choices(
    ("OMIT", "Not forecasted"),
    ("PIPELINE", "Pipeline"),
    ("BEST_CASE", "Best case"),
    ("COMMIT", "Commit"),
    ("CLOSED", "Closed won"),
)

DEALS = DefaultType(
    ObjectType(
        "0-3",
        "deals",
        "Deal",
        "Deals",
        "dealname",
        searchable_properties=("dealname", "description", "hs_next_step"),
    ),
    ((GROUP, "Deal information"), ("deal_activity", "Deal activity"), ("deal_revenue", "Deal revenue")),
    (
        row("dealname", "Deal Name", "string", "text", GROUP, "The name of the deal.", form=True),
        row("dealstage", "Deal Stage", "enumeration", "radio", GROUP, options=STAGES),
        row(
            "pipeline",
            "Pipeline",
            "enumeration",
            "select",
            GROUP,
            options=choices(("default", "Sales Pipeline")),
        ),
        row("amount", "Amount", "number", "number", GROUP, "The value of the deal.", form=True),
        row("deal_currency_code", "Currency", "string", "text", GROUP, "A currency code such as USD."),
        row(
            "closedate",
            "Close Date",
            "datetime",
            "date",
            GROUP,
            "When the deal is expected to close, or did.",
        ),
        row("dealtype", "Deal Type", "enumeration", "radio", GROUP, options=KINDS),
        row("description", "Deal Description", "string", "textarea", GROUP),
        row("hs_priority", "Priority", "enumeration", "select", GROUP, options=PRIORITIES),
        row("hs_next_step", "Next step", "string", "textarea", GROUP),
        row("closed_lost_reason", "Closed Lost Reason", "string", "textarea", GROUP),
        row("closed_won_reason", "Closed Won Reason", "string", "textarea", GROUP),
        row("num_associated_contacts", "Number of Associated Contacts", "number", "number", GROUP),
        row("hs_deal_stage_probability", "Deal probability", "number", "number", "deal_revenue"),
        row("hs_forecast_amount", "Forecast amount", "number", "number", "deal_revenue"),
        row("hs_forecast_probability", "Forecast probability", "number", "number", "deal_revenue"),
        row(
            "hs_manual_forecast_category",
            "Forecast category",
            "enumeration",
            "select",
            "deal_revenue",
            options=FORECASTS,
        ),
        row("hs_acv", "Annual contract value", "number", "number", "deal_revenue"),
        row("hs_arr", "Annual recurring revenue", "number", "number", "deal_revenue"),
        row("hs_mrr", "Monthly recurring revenue", "number", "number", "deal_revenue"),
        row("hs_tcv", "Total contract value", "number", "number", "deal_revenue"),
        row("notes_last_contacted", "Last Contacted", "datetime", "date", "deal_activity"),
        row("notes_last_updated", "Last Activity Date", "datetime", "date", "deal_activity"),
        row("notes_next_activity_date", "Next Activity Date", "datetime", "date", "deal_activity"),
        *about_the_record(GROUP, "hs_lastmodifieddate"),
    ),
)
