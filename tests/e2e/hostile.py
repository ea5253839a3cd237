"""A world in which every text that the API stores is one that a careless screen would run, load or work out."""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import Page
from tests.e2e.screens import Screen
from tests.e2e.site import TESTS, Site
from tests.e2e.steps import call
from tests.e2e.world import BATCHES, World
from tests.engine.scene import answer, ask, connected, edit, enroll, settled, step, turned_on
from tests.llm_stand_in import GOOD_KEY, Seen, Trouble

from penstock.kit.database import transaction
from penstock.knowledge import documents, sets
from penstock.knowledge.reading import read_file

V1 = "/penstock/v1"
# Markup that would run and load, a token, and a nested key of the catalogues of texts.
MARKUP = '<img src=x onerror="window.__hit=1">'
TEXT = MARKUP + "{{7*7}}$t(ui:action.close)"
ADDRESS = "javascript:window.__hit=1"
BODY = f'<p>{TEXT}</p><script>window.__hit=1</script><a href="{ADDRESS}">{TEXT}</a><iframe srcdoc="<script>parent.__hit=1</script>"></iframe>'
REFUSED = "Refused"  # a record whose prompt the provider refuses, in hostile words
FIELD_TYPES = (("string", "text"), ("string", "textarea"), ("string", "html"), ("string", "file"), ("phone_number", "phonenumber"))  # fmt: skip
FILE = MARKUP.replace('"', "'") + ".csv"

_UPLOAD = """async ([file, content, wish]) => {
  const form = new FormData();
  form.append("importRequest", JSON.stringify(wish));
  form.append("files", new File([content], file, { type: "text/csv" }));
  return (await fetch("/crm/v3/imports", { method: "POST", body: form })).json();
}"""


class HostileWorld:
    """Fills a site by the API, as its owner, who is signed in on `page`."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site = site
        self.page = page
        self.contact_id = self.import_id = ""

    def more_screens(self) -> tuple[Screen, ...]:
        """What the table of screens has no row for."""
        return (
            Screen("contact", f"/records/contacts/{self.contact_id}", None),
            Screen("odd-records", "/records/odd_thing", None),
            Screen("odd-properties", "/settings/properties?objectType=tickets", None),
            Screen("import-done", f"/records/tickets/import?id={self.import_id}", None),
        )

    async def ok(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of an answer."""
        return (await call(self.page, method, path, body)).ok()

    async def furnish(self) -> World:
        """Everything; returns what fills the paths of the screens."""
        stand_in = self.site.stand_in
        stand_in.answer = lambda _prompt: TEXT
        stand_in.trouble = _refused
        await self._people()
        await self._knowledge()
        await self.ok("PUT", f"{V1}/own-prices", {"provider": "openai", "model": TEXT, "inputUsd": "1", "outputUsd": "2"})  # fmt: skip
        ticket, refused = await self._records()
        await self._import()
        connection = await self.ok("POST", f"{V1}/connections", {"provider": "openai", "name": TEXT, "key": GOOD_KEY})  # fmt: skip
        document = self._flow(str(connection["id"]))
        flow = int((await self.ok("POST", "/automation/v4/flows", document))["id"])
        await self.ok("PUT", f"{V1}/flows/{flow}/folder", {"folder": TEXT})
        await self.ok("PUT", f"{V1}/flows/{flow}/activation", {"enabled": True})
        await self.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": [ticket, refused]})
        runs = (await self.ok("GET", f"{V1}/enrollments?flowId={flow}"))["results"]
        run, failed = (
            next(int(one["id"]) for one in runs if one["recordId"] == record) for record in (ticket, refused)
        )
        assert (await settled(self.site.app, run)).status == "COMPLETED"
        assert (await settled(self.site.app, failed)).status == "FAILED"
        await self._review(ticket)
        await self._draft(flow, document)
        async with self.site.app.pool.acquire() as db:
            await db.execute(BATCHES, flow, TEXT)
        return World(flow, run, int(ticket), failed)

    async def _review(self, ticket: str) -> None:
        """An answer that waits for a review."""
        answer, app = self.site.stand_in.answer, self.site.app
        self.site.stand_in.answer = lambda _prompt: json.dumps({"note": TEXT, "note_confidence": 0.1})
        note = {"name": "note", "type": "text", "label": TEXT, "description": TEXT, "review_below": 0.8}
        connection = await connected(app, "xai", "Grok")
        output = {"type": "fields", "fields": [note]}
        flow = await turned_on(app, ask("1", connection, "grok-4.3", output=output), name="Reviewed")
        [waiting] = await enroll(app, flow, int(ticket))
        await settled(app, waiting.enrollment_id, "WAITING")
        self.site.stand_in.answer = answer

    async def _knowledge(self) -> None:
        """A knowledge set with a document."""
        async with transaction(self.site.app.pool) as db:
            made = await sets.create(db, TESTS, name=TEXT, language="simple", description=TEXT)
            file = await read_file(f"{TEXT}.md", f"# {TEXT}\n\nOdd {TEXT}".encode())
            await documents.put(db, TESTS, made.id, file)

    async def _people(self) -> None:
        names = {"firstName": TEXT, "lastName": TEXT}
        await self.ok("PATCH", f"{V1}/session/profile", names)
        await self.ok("POST", f"{V1}/users", {"email": "odd@example.com", "role": "viewer", **names})
        await self.ok("POST", f"{V1}/tokens", {"name": TEXT, "role": "viewer"})
        view = {"objectType": "tickets", "name": TEXT, "search": TEXT, "columns": [{"property": "subject"}], "shared": True}  # fmt: skip
        await self.ok("POST", f"{V1}/views", view)

    async def _records(self) -> tuple[str, str]:
        """Properties of every type of text, an object type, and records; returns a ticket and one to be refused."""
        properties = "/crm/v3/properties/tickets"
        await self.ok("POST", f"{properties}/groups", {"name": "odd", "label": TEXT})
        values = {"subject": TEXT, "content": BODY}
        for kind, field in FIELD_TYPES:
            name = f"odd_{field}"
            wish = {"name": name, "label": f"{TEXT} {field}", "type": kind, "fieldType": field, "groupName": "odd", "description": TEXT}  # fmt: skip
            await self.ok("POST", properties, wish)
            values[name] = ADDRESS if field == "file" else TEXT
        options = [{"value": "odd", "label": TEXT, "description": TEXT}]
        choice = {"name": "odd_select", "label": f"{TEXT} select", "type": "enumeration", "fieldType": "select", "groupName": "odd", "options": options}  # fmt: skip
        await self.ok("POST", properties, choice)
        ticket = await self.ok("POST", "/crm/v3/objects/tickets", {"properties": {**values, "odd_select": "odd"}})  # fmt: skip
        refused = await self.ok("POST", "/crm/v3/objects/tickets", {"properties": {"subject": REFUSED}})
        contact = {"firstname": TEXT, "lastname": TEXT, "website": ADDRESS, "phone": TEXT, "company": TEXT}
        self.contact_id = (await self.ok("POST", "/crm/v3/objects/contacts", {"properties": contact}))["id"]
        thing: dict[str, Any] = {
            "name": "odd_thing", "labels": {"singular": TEXT, "plural": TEXT}, "primaryDisplayProperty": "odd_name",
            "properties": [{"name": "odd_name", "label": TEXT, "type": "string", "fieldType": "text"}],
        }  # fmt: skip
        await self.ok("POST", "/crm/v3/schemas", thing)
        await self.ok("POST", "/crm/v3/objects/odd_thing", {"properties": {"odd_name": TEXT}})
        return str(ticket["id"]), str(refused["id"])

    async def _import(self) -> None:
        """A file whose name, header and cells are hostile, with a row that is refused."""
        quoted = '"' + TEXT.replace('"', '""') + '"'
        content = (
            f'{quoted},odd_select,subject\n{quoted},odd,{quoted}\n{quoted},"none {quoted[1:]},{quoted}\n'
        )
        page = {"columnMappings": [
            {"columnName": TEXT, "propertyName": "content"},
            {"columnName": "odd_select", "propertyName": "odd_select"},
            {"columnName": "subject", "propertyName": "subject"},
        ]}  # fmt: skip
        wish = {"name": FILE, "importOperations": {"0-5": "CREATE"}, "files": [{"fileName": FILE, "fileImportPage": page}]}  # fmt: skip
        begun = await self.page.evaluate(_UPLOAD, [FILE, content, wish])
        assert "id" in begun, begun
        self.import_id = str(begun["id"])

    def _flow(self, connection: str) -> dict[str, Any]:
        """Asks, writes the answer down, and mails it."""
        return {
            "type": "PLATFORM_FLOW", "objectTypeId": "0-5", "flowType": "WORKFLOW", "name": TEXT, "description": TEXT,
            "isEnabled": False, "startActionId": "1", "nextAvailableActionId": "4",
            "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": False},
            "customProperties": {f"action_name_{number}": TEXT for number in (1, 2, 3)},
            "actions": [
                step("1", "1-1000", {
                    "connection_id": connection, "provider": "openai", "model": "gpt-4.1-mini", "output": {"type": "text"},
                    "prompt": f"{MARKUP} {{{{ enrolled_object.subject }}}}", "system_prompt": MARKUP}, "2"),
                edit("2", "odd_text", answer("1", "text"), "3"),
                step("3", "0-8", {"emails": ["team@example.com"], "subject": f"{MARKUP} {{{{ enrolled_object.subject }}}}",
                                  "body": f"{BODY.replace('{{7*7}}', '')} {{{{ enrolled_object.subject }}}}"}),
            ],
        }  # fmt: skip

    async def _draft(self, flow: int, document: dict[str, Any]) -> None:
        """Half-made changes, with what could not be turned on: a token that is none, and addresses that run."""
        changed = json.loads(json.dumps(document))
        changed["name"] = f"{TEXT} changed"
        changed["actions"][0]["fields"]["prompt"] = f"{TEXT} {{{{ enrolled_object.{'odd'} }}}}"
        changed["actions"][2]["fields"]["emails"] = [TEXT]
        changed["actions"][2]["connection"] = {"edgeType": "STANDARD", "nextActionId": "4"}
        changed["actions"].append({"type": "WEBHOOK", "actionId": "4", "webhookUrl": ADDRESS, "method": "POST", "queryParams": [{"name": TEXT, "value": {"type": "STATIC_VALUE", "staticValue": TEXT}}]})  # fmt: skip
        changed["customProperties"]["action_name_4"] = TEXT
        changed["nextAvailableActionId"] = "5"
        await self.ok("PUT", f"{V1}/flows/{flow}/draft", {"version": 0, "document": changed})


def _refused(seen: Seen) -> Trouble | None:
    """The provider quotes hostile text back at us."""
    if REFUSED not in seen.prompt:
        return None
    return Trouble(400, {"error": {"message": TEXT, "type": "invalid_request_error", "param": None, "code": "invalid_prompt"}})  # fmt: skip
