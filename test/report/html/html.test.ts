import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "../../../src/report/html/html.ts";

describe("html", () => {
  it("shows a device's text as written and never as markup", () => {
    const name = `<img src=x onerror="alert('1')">\`&`;
    expect(html`<p title="${name}">${name}</p>`.toString()).toBe(
      `<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&#96;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&#96;&amp;</p>`,
    );
  });

  it("keeps markup that it made itself, lists of it, and leaves nothing out of numbers", () => {
    const rows = ["a", "<b>"].map((text) => html`<td>${text}</td>`);
    expect(html`<tr>${rows}${0}${undefined}${false}${null}</tr>`.toString()).toBe(
      "<tr><td>a</td><td>&lt;b&gt;</td>0</tr>",
    );
  });

  it("spells markup out where it stands in an attribute", () => {
    expect(html`<p title="${html`<i>"</i>`}"></p>`.toString()).toBe(
      `<p title="&lt;i&gt;&quot;&lt;/i&gt;"></p>`,
    );
  });

  it("makes visible what turns the direction of writing, and keeps the lines of a text", () => {
    expect(html`<pre>${"up\u202elink\u0000\nnext"}</pre>`.toString()).toBe(
      "<pre>up\\u{202e}link\\u{0}\nnext</pre>",
    );
  });

  it.each([
    ["a script", () => html`<script>let a = ${"1"};</script>`],
    ["a style", () => html`<style>p { color: ${"red"} }</style>`],
    ["an event handler", () => html`<p onclick="${"go()"}"></p>`],
    ["a style attribute", () => html`<p style="color: ${"red"}"></p>`],
    ["an unquoted attribute", () => html`<p class=${"a"}></p>`],
    ["a tag", () => html`<p ${"hidden"}></p>`],
    ["a tag's name", () => html`<h${1}>a</p>`],
    ["an address", () => html`<a href="${"javascript:alert(1)"}">a</a>`],
    ["a comment", () => html`<!-- ${"-->"} -->`],
    ["a name left open", () => html`<${"script"}>`],
  ])("refuses a slot in %s", (_place, make) => {
    expect(make).toThrow();
  });

  it("takes a slot in a link within the page", () => {
    expect(html`<a href="#${"a b"}" class="${"x"}" hidden>a</a><br/>`.toString()).toBe(
      `<a href="#a b" class="x" hidden>a</a><br/>`,
    );
  });

  it("holds for any text: no tag and no attribute comes from a value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const made = html`<p title="${text}">${text}</p>`.toString();
        const inside = made.slice('<p title="'.length, -"</p>".length);
        expect(inside.match(/[<>"]/g)).toEqual(['"', ">"]);
      }),
      { numRuns: 300 },
    );
  });
});
