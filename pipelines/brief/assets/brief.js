"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const fold = (words) => words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  const documents = data.documents.map(([subjects, language, outlet, column, words], index) => ({
    subjects, language, outlet, column, words,
    node: document.getElementById("d" + index),
  }));
  const stories = all(".story").map((node) => ({
    node,
    documents: node.dataset.docs.split(" ").map((number) => documents[Number(number)]),
  }));
  const days = all(".day").map((node) => {
    const held = [];
    for (let next = node.nextElementSibling; next && next.classList.contains("story"); next = next.nextElementSibling) held.push(next);
    return { node, held };
  });
  const boxes = {};
  for (const name of ["subjects", "language", "outlet"]) {
    boxes[name] = all(`input[name="${name}"]`).map((node) => ({
      node, label: node.closest("label"), count: node.closest("label").querySelector("output"),
    }));
  }
  const cells = all(".heat button");
  const search = one("#search");
  let column = null;

  const chosen = (name) => new Set(boxes[name].filter((box) => box.node.checked).map((box) => Number(box.node.value)));
  const holds = (picked, value) => picked.size === 0 || (Array.isArray(value) ? value.some((each) => picked.has(each)) : picked.has(value));

  function apply() {
    const picked = { subjects: chosen("subjects"), language: chosen("language"), outlet: chosen("outlet") };
    const terms = fold(search.value).split(/\s+/).filter(Boolean);
    const counts = { subjects: [], language: [], outlet: [] };
    const grid = new Map();
    const add = (list, index) => { list[index] = (list[index] || 0) + 1; };
    let shown = 0;
    for (const item of documents) {
      const text = terms.every((term) => item.words.includes(term));
      const fits = {
        subjects: holds(picked.subjects, item.subjects),
        language: holds(picked.language, item.language),
        outlet: holds(picked.outlet, item.outlet),
      };
      const inTime = column === null || item.column === column;
      if (text && inTime) {
        if (fits.language && fits.outlet) for (const each of item.subjects) add(counts.subjects, each);
        if (fits.subjects && fits.outlet) add(counts.language, item.language);
        if (fits.subjects && fits.language) add(counts.outlet, item.outlet);
      }
      if (text && fits.language && fits.outlet) {
        for (const each of item.subjects) {
          const key = each + "." + item.column;
          grid.set(key, (grid.get(key) || 0) + 1);
        }
      }
      item.shown = text && inTime && fits.subjects && fits.language && fits.outlet;
      if (item.shown) shown += 1;
      if (item.node.hidden === item.shown) item.node.hidden = !item.shown;
    }
    let told = 0;
    for (const story of stories) {
      const visible = story.documents.some((item) => item.shown);
      story.node.hidden = !visible;
      if (visible) told += 1;
    }
    for (const day of days) day.node.hidden = day.held.every((node) => node.hidden);
    for (const name of Object.keys(boxes)) {
      for (const box of boxes[name]) {
        const count = counts[name][Number(box.node.value)] || 0;
        box.count.textContent = count;
        box.label.classList.toggle("none", count === 0 && !box.node.checked);
      }
    }
    for (const cell of cells) {
      const count = grid.get(cell.dataset.s + "." + cell.dataset.c) || 0;
      cell.textContent = count || "";
      cell.className = "n" + (count === 0 ? 0 : count < 2 ? 1 : count < 4 ? 2 : count < 8 ? 3 : count < 16 ? 4 : 5);
      cell.setAttribute("aria-label", `${cell.dataset.n}: ${count}`);
      const pressed = column === Number(cell.dataset.c) && picked.subjects.has(Number(cell.dataset.s));
      cell.setAttribute("aria-pressed", String(pressed));
      cell.disabled = count === 0 && !pressed;  // hundreds of empty cells are no stops of the Tab key
    }
    const narrowed = terms.length > 0 || column !== null || Object.values(picked).some((set) => set.size > 0);
    one("#shown").textContent = narrowed ? `${shown} of ${documents.length} articles in ${told} ${told === 1 ? "story" : "stories"}` : `${documents.length} articles with a mention`;
    one("#clear").hidden = !narrowed;
    one("#nothing").hidden = told > 0 || documents.length === 0;
    remember(picked);
  }

  function remember(picked) {
    const state = new URLSearchParams();
    if (search.value) state.set("q", search.value);
    for (const name of Object.keys(boxes)) {
      for (const index of picked[name]) state.append(name, data[name][index]);
    }
    if (column !== null) state.set("from", data.columns[column]);
    const hash = state.toString();
    try { history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search); } catch (error) { /* some viewers forbid it */ }
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    search.value = state.get("q") || "";
    for (const name of Object.keys(boxes)) {
      const wanted = state.getAll(name);
      for (const box of boxes[name]) box.node.checked = wanted.includes(data[name][Number(box.node.value)]);
    }
    const found = data.columns.indexOf(state.get("from"));
    column = found < 0 ? null : found;
  }

  function clear() {
    search.value = "";
    column = null;
    for (const name of Object.keys(boxes)) for (const box of boxes[name]) box.node.checked = false;
    apply();
  }

  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  one("#find").addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  one("#filters").addEventListener("change", apply);
  one("#clear").addEventListener("click", () => { clear(); search.focus(); });
  for (const cell of cells) {
    cell.addEventListener("click", () => {
      const pressed = cell.getAttribute("aria-pressed") === "true";
      column = pressed ? null : Number(cell.dataset.c);
      for (const box of boxes.subjects) box.node.checked = !pressed && box.node.value === cell.dataset.s;
      apply();
    });
  }

  const themes = ["auto", "light", "dark"];
  const themeButton = one("#theme");
  function setTheme(theme) {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    themeButton.textContent = "Theme: " + theme;
    themeButton.dataset.now = theme;
  }
  let stored = null;
  try { stored = localStorage.getItem("vigie-theme"); } catch (error) { /* private mode */ }
  setTheme(themes.includes(stored) ? stored : document.documentElement.dataset.theme || "auto");
  themeButton.addEventListener("click", () => {
    const next = themes[(themes.indexOf(themeButton.dataset.now) + 1) % themes.length];
    setTheme(next);
    try { localStorage.setItem("vigie-theme", next); } catch (error) { /* private mode */ }
  });

  let here = -1;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "Escape" && typing) { clear(); search.blur(); return; }
    if (typing) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); }
    if (event.key === "j" || event.key === "k") {
      const visible = stories.filter((story) => !story.node.hidden);
      if (visible.length === 0) return;
      here = Math.max(0, Math.min(visible.length - 1, here + (event.key === "j" ? 1 : -1)));
      for (const node of all(".story.here")) node.classList.remove("here");
      visible[here].node.classList.add("here");
      visible[here].node.focus({ preventScroll: true });
      visible[here].node.scrollIntoView({ block: "nearest" });
    }
  });

  for (const [selector, type] of [["[data-region]", "region"], ["[data-language]", "language"]]) {
    let names;
    try { names = new Intl.DisplayNames(["en"], { type, fallback: "none" }); } catch (error) { break; }
    for (const node of all(selector)) {
      const code = type === "region" ? node.dataset.region : node.dataset.language;
      if (code === "und") { node.textContent = "unknown"; continue; }
      try { node.textContent = names.of(code) || code; } catch (error) { /* keeps its code */ }
    }
  }

  // A quote leaves with its source. Stored here, not in the page: without a script it could do nothing.
  const utc = (instant) => instant.replace("T", " ").replace(/:\d\dZ$/, " UTC");
  function quoteOf(block, line) {
    const words = Array.from(block.children).filter((node) => node.matches("blockquote")).map((node) => node.textContent.trim());
    const time = line.querySelector("time");
    const page = block.querySelector("a[href]");
    const source = [line.querySelector("b").textContent, time && utc(time.dateTime)].filter(Boolean).join(", ");
    return [...words, "— " + source, page && page.href].filter(Boolean).join("\n");
  }
  async function copy(event) {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(button.quote());
      button.textContent = "copied";
    } catch (error) { button.textContent = "could not copy"; }
    setTimeout(() => { button.textContent = "copy quote"; }, 2000);
  }
  if (navigator.clipboard) {
    for (const block of all(".sides li, .story")) {
      const line = Array.from(block.children).findLast((node) => node.matches(".by"));
      if (!line || !Array.from(block.children).some((node) => node.matches("blockquote"))) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy-quote";
      button.textContent = "copy quote";
      button.quote = () => quoteOf(block, line);
      button.addEventListener("click", copy);
      line.append(" ", button);
    }
  }

  const live = Number(document.documentElement.dataset.live || 0);
  if (live > 0) {
    const fresh = one("#fresh");
    const look = async () => {
      try {
        const answer = await fetch("/version", { cache: "no-store" });
        const version = await answer.text();
        if (answer.ok && version !== document.documentElement.dataset.version) {
          if (window.scrollY < 40 && document.activeElement !== search) location.reload();
          else fresh.hidden = false;
        }
      } catch (error) { /* the server is away: keep what is shown */ }
      setTimeout(look, live * 1000);
    };
    fresh.addEventListener("click", () => location.reload());
    setTimeout(look, live * 1000);
  }

  window.addEventListener("hashchange", () => { if (location.hash.includes("=")) { recall(); apply(); } });
  if (location.hash.includes("=")) recall();
  apply();
})();
