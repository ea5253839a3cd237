"""Dates as people write them in files."""

from __future__ import annotations

import re

from penstock.crm.imports.jobs import DateFormat

_WRITTEN = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})(?:[ T](.*))?")


def iso_date(text: str, date_format: DateFormat) -> str:
    """`31.01.2026` or `1/31/2026` as `2026-01-31`, by the order of day and month; other texts stay as they are."""
    if date_format == "YEAR_MONTH_DAY" or (match := _WRITTEN.fullmatch(text.strip())) is None:
        return text
    first, second, year, time = match.groups()
    month, day = (first, second) if date_format == "MONTH_DAY_YEAR" else (second, first)
    iso = f"{year}-{int(month):02d}-{int(day):02d}"
    return f"{iso}T{time}" if time else iso
