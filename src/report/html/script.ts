/** What a page does by itself: search, open what a link leads into, dialogs, dark and light. It reads the page's own text
 *  only and makes no markup out of it. */
export const PAGE_SCRIPT = String.raw`
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;

  for (const wide of document.querySelectorAll(".topo")) {
    const frame = wide.parentElement, first = wide.querySelector(".firewall, .router, .switch");
    if (!first) continue;
    const at = first.getBoundingClientRect(), view = frame.getBoundingClientRect();
    frame.scrollLeft += at.left + at.width / 2 - view.left - view.width / 2;
  }

  const theme = $("theme");
  if (theme) theme.addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = root.dataset.theme || (dark ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });

  const show = (target) => {
    if (!target) return;
    if (target.tagName === "DIALOG") { if (!target.open) target.showModal(); return; }
    for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    target.classList.add("lit");
    target.scrollIntoView({ block: "center" });
  };
  const targetOf = (link) => link && $(link.getAttribute("href").slice(1));

  document.addEventListener("click", (event) => {
    const shutter = event.target.closest(".shutter");
    if (shutter) { event.preventDefault(); shutter.closest("dialog").close(); return; }
    if (event.target.tagName === "DIALOG") { event.target.close(); return; }
    const link = event.target.closest('a[href^="#"]');
    const target = targetOf(link);
    if (!target) return;
    const open = link.closest("dialog");
    if (open) open.close();
    if (target.tagName === "SECTION") return;
    event.preventDefault();
    show(target);
    if (target.tagName !== "DIALOG") history.replaceState(null, "", link.getAttribute("href"));
    if (hits && link.closest(".hits")) { hits.hidden = true; }
  });
  if (location.hash.length > 1) show($(location.hash.slice(1)));

  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) { each.open = true; each.dataset.shut = "1"; }
  });
  addEventListener("afterprint", () => {
    for (const each of document.querySelectorAll("details[data-shut]")) { each.open = false; delete each.dataset.shut; }
  });

  const field = $("search"), hits = $("hits");
  if (!field || !hits) return;
  let index;
  const build = () => [...document.querySelectorAll("[data-find]")].map((element) => {
    const home = element.closest("[data-in]");
    const head = element.querySelector("summary");
    const parts = element.tagName === "TR" ? [...element.cells] : head ? [...head.children] : [element];
    const spell = (part) => part.textContent.replace(/\s+/g, " ").trim();
    const first = element.querySelector("td, summary b, h3");
    const name = element.dataset.find || (first ? spell(first) : "");
    const title = home ? home.dataset.in + " " + name : name;
    const words = parts.map(spell).filter((text) => text !== "" && text !== name).join(" · ");
    return { element, title, words, low: (title + " " + words + " " + spell(element)).toLowerCase() };
  });
  const find = () => {
    index = index || build();
    const asked = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    hits.textContent = "";
    hits.hidden = asked.length === 0;
    if (hits.hidden) return;
    const found = index.filter((entry) => asked.every((word) => entry.low.includes(word)));
    const rank = (entry) => asked.every((word) => entry.title.toLowerCase().split(/[\s/:]+/).includes(word)) ? 0
      : asked.every((word) => entry.title.toLowerCase().includes(word)) ? 1 : 2;
    found.sort((a, b) => rank(a) - rank(b));
    for (const entry of found.slice(0, 40)) {
      const item = document.createElement("li"), link = document.createElement("a");
      const name = document.createElement("b"), rest = document.createElement("span");
      link.href = "#" + entry.element.id;
      name.textContent = entry.title;
      rest.textContent = entry.words;
      link.append(name, rest);
      item.append(link);
      hits.append(item);
    }
    if (found.length > 0) return;
    const item = document.createElement("li"), text = document.createElement("p");
    text.textContent = hits.dataset.none;
    item.append(text);
    hits.append(item);
  };
  field.addEventListener("input", find);
  field.addEventListener("focus", find);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; find(); }
    if (event.key === "Enter" || event.key === "ArrowDown") {
      const first = hits.querySelector("a");
      if (!first) return;
      event.preventDefault();
      if (event.key === "Enter") first.click(); else first.focus();
    }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".seek")) hits.hidden = true; });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    field.focus();
  });
})();
`;
