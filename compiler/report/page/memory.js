// The peak, the slots and their drawing at the extents.

const output = (id) => document.getElementById(id);

// Beyond the most that a run is given, numbers mean nothing.
function showBytes(id, bytes) {
  const isTooMuch = bytes === null || bytes > mostBytes;
  output(id).dataset.bytes = isTooMuch ? "" : bytes;
  output(id).textContent = isTooMuch
    ? "more than any run is given"
    : `${groupDigits(bytes)} bytes`;
}

onExtents(({ arena, scratch, nanoseconds }) => {
  const peak = blockBytes(arena, scratch);
  showBytes("peak", peak);
  showBytes("arena", roundUp(arena, blockAlignment));
  showBytes("scratch", roundUp(scratch, blockAlignment));
  output("time").dataset.nanoseconds = nanoseconds;
  output("time").textContent = timeText(nanoseconds);
  output("tile-time").textContent = timeText(nanoseconds);
  output("tile-peak").textContent = peak === null ? "too much" : bytesText(peak);
});

const slotBytes = [...document.querySelectorAll(".slot-bytes")];
const slotMeters = [...document.querySelectorAll("#slots .meter > span")];
const valueBytes = [...document.querySelectorAll("#slots .values")].map((list) => [
  ...list.querySelectorAll("output"),
]);
onExtents(({ arena, slots, values }) => {
  slots.forEach((bytes, slot) => {
    slotBytes[slot].textContent = groupDigits(bytes);
    slotMeters[slot].style.width = `${(100 * Number(bytes)) / Math.max(Number(arena), 1)}%`;
    values[slot].forEach((part, index) => {
      valueBytes[slot][index].textContent = groupDigits(part);
    });
  });
});

const timeline = output("timeline");
const drawn = (selector) => (timeline ? [...timeline.querySelectorAll(selector)] : []);
const slotRects = drawn(".slot");
const slotNames = drawn(".slot-name");
const valueRects = drawn(".value");
const scaleTexts = drawn(".scale[text-anchor=end]");

// The height of a part of the arena, and where it ends, in the drawing.
function place(element, offset, bytes, whole) {
  const { top, height } = timeline.dataset;
  const pixels = Number(height) / Math.max(whole, 1);
  element.setAttribute("y", Number(top) + Number(height) - (offset + bytes) * pixels);
  element.setAttribute("height", bytes * pixels);
}

if (timeline)
  onExtents(({ arena, slots, offsets, values }) => {
    const whole = Number(arena);
    slots.forEach((bytes, slot) => {
      place(slotRects[slot], Number(offsets[slot]), Number(bytes), whole);
      if (!slotNames[slot]) return; // They would lie over each other.
      const top = Number(slotRects[slot].getAttribute("y"));
      const height = Number(slotRects[slot].getAttribute("height"));
      slotNames[slot].setAttribute("y", top + height / 2 + 4);
      slotNames[slot].setAttribute("visibility", height < 11 ? "hidden" : "visible");
    });
    for (const rect of valueRects) {
      const { slot, value } = rect.dataset;
      place(rect, Number(offsets[slot]), Number(values[slot][value]), whole);
    }
    scaleTexts.forEach((text, tick) => {
      text.textContent = bytesText(Math.floor((whole * tick) / (scaleTexts.length - 1)));
    });
  });

function point(event) {
  const rect = event.target.closest("rect.value");
  if (!rect) return;
  const { slot, value } = rect.dataset;
  const bytes = valueBytes[slot][value].textContent;
  output("pointed").textContent =
    rect.querySelector("title").textContent.replace("\n", "; ") + `, ${bytes} bytes`;
}
if (timeline) {
  timeline.addEventListener("pointerover", point);
  timeline.addEventListener("click", point);
} else {
  output("pointed").hidden = true;
}

