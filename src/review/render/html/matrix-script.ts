import { html } from "../../../foreign-text";

/** Searches the rows of a matrix, hides rows and columns in which everything connects, and fits it to the paper. */
export const matrixScript = html`
// Paper doesn't scroll. Browsers shrink a page to half at most, and cut what is wider.
addEventListener("beforeprint", () => {
  for (const matrix of document.querySelectorAll(".matrix"))
    matrix.style.setProperty("--columns", matrix.querySelectorAll("thead th:not([hidden])").length);
});
for (const viewer of document.querySelectorAll(".matrix-viewer")) {
  const search = viewer.querySelector("[data-rows=name]");
  const wrong = viewer.querySelector("[data-rows=wrong]");
  if (!search) continue;
  const rows = [...viewer.querySelectorAll("tbody tr")];
  const heads = [...viewer.querySelectorAll("thead tr > *")];
  const show = () => {
    const text = search.value.trim().toLowerCase();
    const only = Boolean(wrong && wrong.checked);
    const columns = new Set();
    let count = 0;
    for (const row of rows) {
      const found = row.cells[0].textContent.toLowerCase().includes(text);
      const bad = only ? [...row.cells].filter((cell) => cell.classList.contains("wrong")) : [];
      row.hidden = !found || (only && bad.length === 0);
      if (row.hidden) continue;
      count++;
      for (const cell of bad) columns.add(cell.cellIndex);
    }
    for (const cells of [heads, ...rows.map((row) => [...row.cells])])
      cells.forEach((cell, at) => { cell.hidden = at > 0 && only && !columns.has(at); });
    viewer.querySelector("[data-found]").textContent = text || only ? count + " of " + rows.length + " rows" : "";
  };
  search.addEventListener("input", show);
  if (wrong) wrong.addEventListener("change", show);
}
`;
