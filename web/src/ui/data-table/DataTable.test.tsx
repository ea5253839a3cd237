import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startWords } from "@/i18n";
import type { ColumnLayout } from "./column-layout";
import { DataTable } from "./DataTable";
import { NOTHING, type Selection } from "./selection";
import type { DataColumn, SortOrder } from "./types";

interface Person {
  id: string;
  name: string;
  city: string;
}
const people: Person[] = Array.from({ length: 300 }, (_, at) => ({ id: String(at), name: `Person ${at}`, city: `City ${at}` }));
const columns: DataColumn<Person>[] = [
  { id: "name", label: "Name", width: 200, sortable: true, render: (row) => row.name },
  {
    id: "city",
    label: "City",
    width: 120,
    sortable: true,
    render: (row) => row.city,
    editor: (row, edit) => (
      <input
        aria-label={`City of ${row.name}`}
        defaultValue={row.city}
        autoFocus
        onKeyDown={(event) => {
          if (event.key === "Enter") edit.commit(event.currentTarget.value, "down");
          if (event.key === "Escape") edit.cancel();
        }}
      />
    ),
  },
];

const onOpen = vi.fn();
const onEdit = vi.fn();
const load = vi.fn();

function Screen() {
  const [layout, setLayout] = useState<ColumnLayout>([{ id: "name" }, { id: "city" }]);
  const [sort, setSort] = useState<SortOrder>();
  const [selection, setSelection] = useState<Selection>(NOTHING);
  return (
    <MantineProvider>
      <DataTable
        label="People"
        columns={columns}
        layout={layout}
        onLayout={setLayout}
        rows={people}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        sort={sort}
        onSort={setSort}
        selection={selection}
        onSelection={setSelection}
        onOpen={onOpen}
        onEdit={onEdit}
        loading={false}
        more={{ has: true, loading: false, load }}
      />
    </MantineProvider>
  );
}

beforeAll(startWords);

beforeEach(() => {
  vi.clearAllMocks();
  // jsdom lays nothing out: the table gets ten rows of room.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(360);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(800);
});

test("a long table holds only the rows in sight, and says that there are more", () => {
  render(<Screen />);
  const grid = screen.getByRole("grid", { name: "People" });
  expect(grid.getAttribute("aria-rowcount")).toBe("-1");
  expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
  expect(load).not.toHaveBeenCalled();
});

test("the keyboard walks the cells, edits with Enter and puts the focus below afterwards", async () => {
  const user = userEvent.setup();
  render(<Screen />);
  await user.tab();
  expect(document.activeElement?.textContent).toBe("Person 0");
  await user.keyboard("{ArrowRight}");
  expect(document.activeElement?.textContent).toContain("City 0");
  await user.keyboard("{Enter}");
  const field = screen.getByRole("textbox", { name: "City of Person 0" });
  await user.clear(field);
  await user.type(field, "Aarhus{Enter}");
  expect(onEdit).toHaveBeenCalledWith(people[0], "city", "Aarhus");
  expect(document.activeElement?.textContent).toContain("City 1");
});

test("Escape leaves the value, and the focus returns to the cell", async () => {
  const user = userEvent.setup();
  render(<Screen />);
  await user.tab();
  await user.keyboard("{ArrowRight}{F2}");
  await user.keyboard("x{Escape}");
  expect(onEdit).not.toHaveBeenCalled();
  expect(document.activeElement?.textContent).toContain("City 0");
});

test("Enter on the name opens the record, Space chooses the row, and the header chooses all", async () => {
  const user = userEvent.setup();
  render(<Screen />);
  await user.tab();
  await user.keyboard("{Enter}");
  expect(onOpen).toHaveBeenCalledWith(people[0]);
  await user.keyboard(" ");
  expect(screen.getByRole("row", { name: /Person 0/ }).getAttribute("aria-selected")).toBe("true");
  await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
  expect(screen.getByRole("row", { name: /Person 0/ }).getAttribute("aria-selected")).toBe("false");
});

test("a click on a header sorts, and another turns the order around", async () => {
  const user = userEvent.setup();
  render(<Screen />);
  const header = screen.getByRole("columnheader", { name: /City/ });
  await user.click(within(header).getByRole("button", { name: "City" }));
  expect(header.getAttribute("aria-sort")).toBe("ascending");
  await user.click(within(header).getByRole("button", { name: "City" }));
  expect(header.getAttribute("aria-sort")).toBe("descending");
});
