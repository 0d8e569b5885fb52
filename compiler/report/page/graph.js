// The graph: its size, a hand that moves it, what a box is connected to, and a
// search.

const graph = document.getElementById("graph");
const canvas = document.getElementById("canvas");
const leastScale = 0.05;
let scale = 1;

function zoomTo(next, centerX = canvas.clientWidth / 2, centerY = canvas.clientHeight / 2) {
  const x = (canvas.scrollLeft + centerX) / scale;
  const y = (canvas.scrollTop + centerY) / scale;
  scale = Math.min(4, Math.max(leastScale, next));
  const { width, height } = graph.viewBox.baseVal;
  graph.setAttribute("width", width * scale);
  graph.setAttribute("height", height * scale);
  canvas.scrollLeft = x * scale - centerX;
  canvas.scrollTop = y * scale - centerY;
}

const zooms = {
  in: () => zoomTo(scale * 1.25),
  out: () => zoomTo(scale / 1.25),
  fit: () => zoomTo(canvas.clientWidth / graph.viewBox.baseVal.width),
  actual: () => zoomTo(1),
};

function onWheel(event) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const { left, top } = canvas.getBoundingClientRect();
  zoomTo(scale * 2 ** (-event.deltaY / 200), event.clientX - left, event.clientY - top);
}

// A mouse drags; fingers scroll by themselves.
function onDrag(down) {
  if (down.pointerType !== "mouse" || down.button !== 0) return;
  const start = { x: canvas.scrollLeft + down.clientX, y: canvas.scrollTop + down.clientY };
  let isDragged = false;
  const move = (event) => {
    const isFar = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > 4;
    if (!isDragged && !isFar) return;
    isDragged = true;
    canvas.classList.add("dragged");
    canvas.scrollLeft = start.x - event.clientX;
    canvas.scrollTop = start.y - event.clientY;
  };
  const stop = () => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    canvas.classList.remove("dragged");
    // The end of a drag is no click on a node.
    if (isDragged)
      window.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
}

function markNear(event) {
  const box = event.target.closest(".box");
  for (const element of graph.querySelectorAll(".near")) element.classList.remove("near");
  if (!box) return;
  const number = box.dataset.box;
  const near = new Set([number]);
  for (const edge of graph.querySelectorAll(`.edge[data-from="${number}"], .edge[data-to="${number}"]`)) {
    edge.classList.add("near");
    near.add(edge.dataset.from).add(edge.dataset.to);
  }
  for (const other of near) graph.querySelector(`.box[data-box="${other}"]`).classList.add("near");
}

// Rows whose titles have the words; Enter goes from one to the next.
let found = [];
let shown = -1;
function find(words) {
  for (const row of found) row.classList.remove("found");
  found = [];
  shown = -1;
  if (words !== "")
    found = [...graph.querySelectorAll(".row")].filter((row) =>
      row.querySelector("title").textContent.toLowerCase().includes(words));
  for (const row of found) row.classList.add("found");
  document.getElementById("found").textContent = words === "" ? "" : `${found.length} found`;
  showNext();
}
function showNext() {
  if (found.length === 0) return;
  shown = (shown + 1) % found.length;
  const place = found[shown].getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  canvas.scrollLeft += place.left - frame.left - (frame.width - place.width) / 2;
  canvas.scrollTop += place.top - frame.top - (frame.height - place.height) / 2;
}

if (graph) {
  for (const button of document.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", zooms[button.dataset.zoom]);
  canvas.addEventListener("wheel", onWheel, { passive: false });
  canvas.addEventListener("pointerdown", onDrag);
  canvas.addEventListener("dragstart", (event) => event.preventDefault());
  graph.addEventListener("pointerover", markNear);
  graph.addEventListener("pointerleave", markNear);
  const box = document.getElementById("find");
  box.addEventListener("input", () => find(box.value.trim().toLowerCase()));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") showNext();
  });
  // Where the model begins.
  const { left, width } = graph.querySelector(".box").getBoundingClientRect();
  canvas.scrollLeft += left + width / 2 - canvas.getBoundingClientRect().left - canvas.clientWidth / 2;
} else {
  document.getElementById("find").closest(".tools").hidden = true;
}

