import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, expect, test } from "vitest";
import type { JsonObject } from "@/api/json";
import { startWords } from "@/i18n";
import { SchemaForm } from "./SchemaForm";
import type { ProblemAt } from "./widget";

beforeAll(startWords);

/** An action that nobody has written: all kinds of inputs, as a Pydantic model describes them. */
const SCHEMA: JsonObject = {
  $defs: {
    Stop: {
      type: "object",
      properties: { city: { type: "string", title: "City" }, nights: { anyOf: [{ type: "integer" }, { type: "null" }], default: null, title: "Nights" } },
      required: ["city"],
    },
    Card: { type: "object", properties: { type: { const: "CARD", type: "string" }, number: { type: "string", title: "Card number" } } },
    Invoice: { type: "object", properties: { type: { const: "INVOICE", type: "string" }, days: { type: "integer", title: "Days to pay", default: 30 } } },
  },
  type: "object",
  properties: {
    traveller: { type: "string", title: "Traveller", placeholder: "Ada" },
    travel_class: { enum: ["ECONOMY", "FIRST_CLASS"], type: "string", default: "ECONOMY", title: "Class" },
    insured: { type: "boolean", default: false, title: "Insured" },
    stops: { type: "array", items: { $ref: "#/$defs/Stop" }, default: [], title: "Stops" },
    payment: {
      anyOf: [{ oneOf: [{ $ref: "#/$defs/Card" }, { $ref: "#/$defs/Invoice" }], discriminator: { propertyName: "type", mapping: { CARD: "#/$defs/Card", INVOICE: "#/$defs/Invoice" } } }, { type: "null" }],
      default: null,
      title: "Payment",
    },
    secret_sauce: { type: "string", title: "Sauce", control: "hidden" },
    weird: { title: "Weird", control: "hologram" },
    patience: { anyOf: [{ type: "number" }, { type: "null" }], default: null, title: "Patience", advanced: true },
  },
  required: ["traveller"],
};

let changes: [JsonObject, string][] = [];

function Form({ start = {}, problemAt }: { start?: JsonObject; problemAt?: ProblemAt }) {
  const [value, setValue] = useState(start);
  return (
    <MantineProvider env="test">
      <SchemaForm
        schema={SCHEMA}
        value={value}
        onChange={(next, path) => {
          changes.push([next, path]);
          setValue(next);
        }}
        problemAt={problemAt}
      />
    </MantineProvider>
  );
}

test("an action that nobody here knows gets a whole form from its schema", async () => {
  changes = [];
  const user = userEvent.setup();
  render(<Form start={{ traveller: "", kept: { by: "others" } }} />);

  await user.type(screen.getByRole("textbox", { name: "Traveller" }), "Bo");
  await user.click(screen.getByRole("combobox", { name: "Class" }));
  await user.click(screen.getByRole("option", { name: "First class" }));
  await user.click(screen.getByRole("switch", { name: "Insured" }));
  await user.click(screen.getByRole("button", { name: "Add to Stops" }));
  const stop = screen.getByRole("group", { name: "Stops 1" });
  await user.type(within(stop).getByRole("textbox", { name: "City" }), "Rom");
  await user.type(within(stop).getByRole("textbox", { name: "Nights" }), "2");
  await user.click(screen.getByRole("combobox", { name: "Payment" }));
  await user.click(screen.getByRole("option", { name: "Invoice" }));
  await user.clear(screen.getByRole("textbox", { name: "Days to pay" }));
  await user.type(screen.getByRole("textbox", { name: "Days to pay" }), "14");

  expect(changes.at(-1)).toEqual([
    {
      traveller: "Bo",
      kept: { by: "others" },
      travel_class: "FIRST_CLASS",
      insured: true,
      stops: [{ city: "Rom", nights: 2 }],
      payment: { type: "INVOICE", days: 14 },
    },
    "payment",
  ]);
  expect(screen.queryByText("Sauce")).toBeNull();
}, 20_000);

test("what no widget draws is shown as it is", () => {
  render(<Form start={{ weird: { a: 1 } }} />);
  expect(screen.getByText(/"a": 1/)).toBeTruthy();
});

test("settings that are mostly left alone are folded, and the folded line says which are set", async () => {
  const user = userEvent.setup();
  render(<Form start={{ patience: 3 }} />);
  const fold = screen.getByRole("button", { name: /Advanced options/ });
  expect(fold.textContent).toContain("Patience 3");
  expect(fold.getAttribute("aria-expanded")).toBe("false");
  await user.click(fold);
  expect(screen.getByRole("textbox", { name: "Patience" })).toHaveProperty("value", "3");
});

test("who may only read a form opens its folds all the same, by mouse and by keyboard", () => {
  render(
    <fieldset disabled>
      <Form start={{ patience: 3 }} />
    </fieldset>,
  );
  const fold = screen.getByRole("button", { name: /Advanced options/ });
  expect(fold.matches(":disabled")).toBe(false);
  fireEvent.click(fold);
  expect(fold.getAttribute("aria-expanded")).toBe("true");
  expect(screen.getByRole("textbox", { name: "Patience" })).toHaveProperty("value", "3");
  fireEvent.keyDown(fold, { key: "Enter" });
  expect(fold.getAttribute("aria-expanded")).toBe("false");
});

test("problems stand beside their fields; one inside the folded part opens it", () => {
  const problemAt: ProblemAt = (path) =>
    path === "stops[0].city" || path === "patience" ? { message: `Wrong: ${path}`, severity: "error" } : path === "travel_class" ? { message: "First is dear.", severity: "warning" } : undefined;
  render(<Form start={{ stops: [{ city: "" }] }} problemAt={problemAt} />);
  const city = screen.getByRole("textbox", { name: "City" });
  expect(city.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Wrong: stops[0].city")).toBeTruthy();
  expect(screen.getByRole("note").textContent).toBe("First is dear.");
  expect(screen.getByRole("button", { name: /Advanced options/ }).getAttribute("aria-expanded")).toBe("true");
});
