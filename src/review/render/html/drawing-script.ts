import { html } from "../../../foreign-text";

/** Moves, zooms and filters drawings, and shows what an element stands for while the pointer or the focus is on it. */
export const drawingScript = html`
const tip = document.getElementById("tip");
const data = JSON.parse(document.getElementById("data").textContent);

function showTip([title, ...rest], x, y) {
  const head = document.createElement("b"); head.textContent = title;
  const list = document.createElement("ul");
  for (const line of rest) { const item = document.createElement("li"); item.textContent = line; list.append(item); }
  tip.replaceChildren(head, list); tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(x + 14, document.documentElement.clientWidth - width - 8)) + scrollX + "px";
  tip.style.top = (y + 18 + height > innerHeight ? Math.max(8, y - height - 12) : y + 18) + scrollY + "px";
}
const hideTip = () => { tip.hidden = true; };
addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

function startViewer(viewer, { shapes, services }) {
  const box = viewer.querySelector(".drawing");
  const svg = box.querySelector("svg");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const most = 1.35, nearest = 60;
  let view = { x: 0, y: 0, w: width, h: height }, whole = view;
  const limit = (value, from, to) => Math.min(Math.max(value, from), to);
  const apply = () => {
    svg.setAttribute("viewBox", [view.x, view.y, view.w, view.h].join(" "));
    box.classList.toggle("zoomed", view.w < whole.w * 0.999);
  };
  const fit = (area) => {
    const scale = Math.min(most, box.clientWidth / area.w, box.clientHeight / area.h);
    const w = box.clientWidth / scale, h = box.clientHeight / scale;
    view = { x: area.x + (area.w - w) / 2, y: area.y + (area.h - h) / 2, w, h };
  };
  const fitAll = () => {
    if (box.clientWidth === 0) return;
    svg.removeAttribute("width"); svg.removeAttribute("height");
    const natural = Math.min(most, box.clientWidth / width) * height;
    box.style.height = limit(natural, Math.min(220, height * most), Math.max(260, innerHeight * 0.75)) + "px";
    fit({ x: 0, y: 0, w: width, h: height });
    whole = view; apply();
  };
  const zoom = (factor, x = view.x + view.w / 2, y = view.y + view.h / 2) => {
    const w = limit(view.w * factor, nearest, whole.w), by = w / view.w;
    view = { x: x - (x - view.x) * by, y: y - (y - view.y) * by, w, h: view.h * by };
    if (w === whole.w) view = whole;
    apply();
  };
  const pan = (x, y) => {
    view = { ...view, x: limit(view.x + x, -view.w / 2, width - view.w / 2), y: limit(view.y + y, -view.h / 2, height - view.h / 2) };
    apply();
  };
  // What the keyboard reaches comes into the frame. What is clicked is in it, and must not move under the pointer.
  const reveal = (element) => {
    if (!element.matches(":focus-visible")) return;
    const area = element.getBoundingClientRect(), frame = box.getBoundingClientRect();
    if (area.left >= frame.left && area.right <= frame.right && area.top >= frame.top && area.bottom <= frame.bottom) return;
    const [x, y] = at((area.left + area.right) / 2, (area.top + area.bottom) / 2);
    pan(x - view.x - view.w / 2, y - view.y - view.h / 2);
  };
  const at = (x, y) => {
    const area = svg.getBoundingClientRect();
    return [view.x + ((x - area.left) / area.width) * view.w, view.y + ((y - area.top) / area.height) * view.h];
  };

  for (const button of viewer.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => ({ in: () => zoom(0.7), out: () => zoom(1 / 0.7), fit: fitAll })[button.dataset.zoom]());
  // The wheel scrolls the page until the drawing has the focus; Ctrl + wheel, which a pinch on a touchpad is too, always zooms.
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !box.contains(document.activeElement)) return;
    event.preventDefault(); hideTip();
    zoom(Math.exp(limit(event.deltaY, -80, 80) / 200), ...at(event.clientX, event.clientY));
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = view.w / 10;
    const act = {
      "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), "0": fitAll,
      ArrowLeft: () => pan(-step, 0), ArrowRight: () => pan(step, 0), ArrowUp: () => pan(0, -step), ArrowDown: () => pan(0, step),
    }[event.key];
    if (act) { event.preventDefault(); hideTip(); act(); }
  });

  const pointers = new Map();
  box.addEventListener("pointerdown", (event) => {
    if (event.button === 0) pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  box.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const scale = view.w / svg.getBoundingClientRect().width;
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
      const far = (one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
      zoom(far(before) / far(now), ...at((now.x + other.x) / 2, (now.y + other.y) / 2));
      pan(((before.x - now.x) / 2) * scale, ((before.y - now.y) / 2) * scale);
    } else {
      if (!box.hasPointerCapture(event.pointerId) && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
      if (event.pointerType === "touch" && view === whole) return;
      box.setPointerCapture(event.pointerId); hideTip();
      pan((before.x - now.x) * scale, (before.y - now.y) * scale);
    }
    pointers.set(event.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, (event) => pointers.delete(event.pointerId));

  const elements = Object.entries(shapes).flatMap(([id, shape]) => {
    const element = document.getElementById(id);
    return element ? [{ element, ...shape }] : [];
  });
  for (const { element, lines } of elements) {
    element.addEventListener("pointermove", (event) => {
      if (event.target.closest("[role=img]") === element && pointers.size === 0) showTip(lines, event.clientX, event.clientY);
    });
    element.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") hideTip(); });
    const show = () => {
      reveal(element);
      const area = element.getBoundingClientRect();
      showTip(lines, area.left + area.width / 2, area.top + area.height / 2);
    };
    element.addEventListener("focus", show);
    element.addEventListener("keydown", (event) => { if (event.key === "Enter") show(); });
    element.addEventListener("blur", hideTip);
  }

  const name = viewer.querySelector("[data-filter=name]");
  const cluster = viewer.querySelector("[data-filter=cluster]");
  const filter = () => {
    const text = name.value.trim().toLowerCase();
    const chosen = cluster ? cluster.value : "";
    const kept = services.map(([called, part]) => called.toLowerCase().includes(text) && (chosen === "" || part === Number(chosen)));
    const count = kept.filter(Boolean).length;
    let area;
    fitAll();
    for (const { element, of } of elements) {
      element.classList.toggle("dim", !of.some((one) => kept[one]));
      if (count === services.length || count === 0 || of.length > 1 || !kept[of[0]]) continue;
      const one = element.getBoundingClientRect();
      const [x, y] = at(one.left, one.top), [right, bottom] = at(one.right, one.bottom);
      area = area ? { x: Math.min(area.x, x), y: Math.min(area.y, y), right: Math.max(area.right, right), bottom: Math.max(area.bottom, bottom) } : { x, y, right, bottom };
    }
    if (area) { fit({ x: area.x - 20, y: area.y - 20, w: area.right - area.x + 40, h: area.bottom - area.y + 40 }); if (view.w > whole.w) view = whole; apply(); }
    viewer.querySelector("[data-found]").textContent = count === services.length ? "" : count + " of " + services.length + " services";
  };
  if (name) name.addEventListener("input", filter);
  if (cluster) cluster.addEventListener("change", filter);

  let shown;
  new ResizeObserver(() => { if (shown !== box.clientWidth) { shown = box.clientWidth; fitAll(); } }).observe(box);
  addEventListener("beforeprint", () => { view = { x: 0, y: 0, w: width, h: height }; apply(); });
  addEventListener("afterprint", fitAll);
}

for (const [id, drawing] of Object.entries(data)) {
  const viewer = document.getElementById(id);
  if (viewer) startViewer(viewer, drawing);
}
addEventListener("beforeprint", () => { for (const folded of document.querySelectorAll("details:not([open], .rest)")) { folded.open = true; folded.dataset.folded = ""; } });
addEventListener("afterprint", () => { for (const folded of document.querySelectorAll("details[data-folded]")) { folded.open = false; delete folded.dataset.folded; } });
`;
