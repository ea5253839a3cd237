import i18next from "i18next";
import { afterEach, beforeAll, expect, test } from "vitest";
import { chooseLanguage, startWords } from "@/i18n";
import { ApiProblem } from "./problem";

const detail = (code: string) => ({ code, message: `The server on ${code}.`, in: "email" });
const refused = (subCategory: string, codes: string[] = []) => new ApiProblem(400, { message: "The server says why.", subCategory, errors: codes.map(detail) });

beforeAll(startWords);
afterEach(() => i18next.changeLanguage("en"));

test("in English the server's own words are shown, since they say more than a code", () => {
  expect(refused("FORBIDDEN").message).toBe("The server says why.");
});

test("in Danish a known code speaks, also for a single field", async () => {
  await chooseLanguage("da", { store: false });
  expect(refused("FORBIDDEN").message).toMatch(/^Din rolle/);
  const problem = refused("INVALID_PROPERTY", ["INVALID_EMAIL"]);
  expect(problem.about("email")).toMatch(/ikke en e-mailadresse/);
  expect(problem.message).toBe(problem.about("email"));
});

test("a code that stands for many sentences is left to the server in Danish too", async () => {
  await chooseLanguage("da", { store: false });
  expect(refused("CONFLICT").message).toBe("The server says why.");
  expect(refused("INVALID_INPUT", ["INVALID_EMAIL", "SOMETHING_NEW"]).message).toBe("The server says why.");
});
