import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, expect, test } from "vitest";
import type { JsonObject } from "@/api/json";
import { startWords } from "@/i18n";
import type { FilterField } from "./fields";
import { FilterBuilder } from "./FilterBuilder";
import { useDescribeFilter } from "./use-describe";

beforeAll(startWords);

const FIELDS: FilterField[] = [
  { name: "urgency", label: "Urgency", group: "Complaint", type: "enumeration", multiple: false, options: [{ value: "high", label: "High" }, { value: "low", label: "Low" }] },
  { name: "amount", label: "Amount", group: "Deal", type: "number", multiple: false, options: [] },
];

let sent: (JsonObject | null)[] = [];

function Screen({ start }: { start: JsonObject | null }) {
  const [value, setValue] = useState(start);
  const describe = useDescribeFilter(FIELDS);
  return (
    <MantineProvider env="test">
      <FilterBuilder
        value={value}
        onChange={(next) => {
          sent.push(next);
          setValue(next);
        }}
        fields={FIELDS}
        label="Conditions"
        footer={<output>{describe(value)}</output>}
      />
      <button type="button" onClick={() => setValue(start)}>
        Undo
      </button>
    </MantineProvider>
  );
}

const choose = async (user: ReturnType<typeof userEvent.setup>, name: string | RegExp, option: string) => {
  const field = screen.getAllByRole("combobox", { name }).at(-1) as HTMLElement;
  await user.click(field);
  await user.click(await screen.findByRole("option", { name: option }));
};

test("two groups are built by choosing, and nothing is sent before a condition is whole", async () => {
  sent = [];
  const user = userEvent.setup();
  render(<Screen start={null} />);
  await user.click(screen.getByRole("button", { name: "Add condition" }));
  await choose(user, "Property", "Urgency");
  expect(sent).toEqual([]);
  await choose(user, "Value for Urgency", "High");
  await user.click(screen.getByRole("button", { name: "Add group" }));
  await choose(user, "Property", "Amount");
  await choose(user, "How Amount is compared", "is at least");
  await user.type(screen.getByRole("textbox", { name: "Value for Amount" }), "250");
  expect(sent.at(-1)).toEqual({
    filterBranchType: "OR",
    filterBranchOperator: "OR",
    filters: [],
    filterBranches: [
      branch("urgency", { operationType: "ENUMERATION", operator: "IS_ANY_OF", includeObjectsWithNoValueSet: false, values: ["high"] }),
      branch("amount", { operationType: "NUMBER", operator: "IS_GREATER_THAN_OR_EQUAL_TO", includeObjectsWithNoValueSet: false, value: "250" }),
    ],
  });
  expect(screen.getByRole("status").textContent).toBe("Urgency is High or Amount is at least 250");
}, 20_000);

test("a document from elsewhere replaces what is shown", async () => {
  const user = userEvent.setup();
  const start = { filterBranchType: "OR", filterBranchOperator: "OR", filters: [], filterBranches: [branch("amount", { operationType: "NUMBER", operator: "IS_LESS_THAN", value: "5" })] };
  render(<Screen start={start} />);
  const group = screen.getByRole("region", { name: "Group 1" });
  await user.click(within(group).getByRole("button", { name: "Remove condition on Amount" }));
  expect(screen.queryByRole("region", { name: "Group 1" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(screen.getByRole("textbox", { name: "Value for Amount" })).toHaveProperty("value", "5");
});

test("a first condition is begun where HubSpot's empty tree stands for no filter", async () => {
  sent = [];
  const user = userEvent.setup();
  const none = { filterBranchType: "OR", filterBranchOperator: "OR", filters: [], filterBranches: [{ filterBranchType: "AND", filterBranchOperator: "AND", filters: [], filterBranches: [] }] };
  render(<Screen start={none} />);
  await user.click(screen.getByRole("button", { name: "Add condition" }));
  expect(screen.getByRole("combobox", { name: "Property" })).toBeTruthy();
  expect(sent).toEqual([]);
});

test("a condition that is not understood is shown as kept and cannot be changed", () => {
  render(<Screen start={{ filterBranchType: "NOT_ANY", filters: [{ filterType: "FORM" }], filterBranches: [] }} />);
  expect(screen.getByText(/kept as it is/)).toBeTruthy();
  expect(screen.queryByRole("combobox", { name: "Property" })).toBeNull();
});

function branch(property: string, operation: JsonObject): JsonObject {
  return { filterBranchType: "AND", filterBranchOperator: "AND", filterBranches: [], filters: [{ filterType: "PROPERTY", property, operation }] };
}
