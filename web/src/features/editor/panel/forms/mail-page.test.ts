import { expect, test } from "vitest";
import { mailPage } from "./mail-page";

const author = (text: string) => ({ text, token: null, missing: false });

test("a preview of an e-mail runs and loads nothing, and marks what has no value", () => {
  const page = mailPage(
    [author('<p onclick="x()" style="color:red">Hello <a href="https://a.example" target="_top">you</a> <a href="javascript:x()">me</a></p><script>x()</script><img src="https://t.example/1.gif"><iframe src="/"></iframe>'), { text: "", token: "enrolled_object.<b>", missing: true }],
    (token) => `no ${token}`,
  );
  expect(page).toContain('<p>Hello <a href="https://a.example">you</a> <a>me</a></p>');
  expect(page).toContain("<mark>no enrolled_object.&lt;b&gt;</mark>");
  expect(page).not.toMatch(/script|img|iframe|onclick|style/);
});
