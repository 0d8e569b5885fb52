// The extents of the inputs, which the reader moves: all that is drawn of them
// listens to `onExtents`.

const listeners = [];
function onExtents(listener) {
  listeners.push(listener);
}

const extents = [...document.querySelectorAll(".extent")].map((row) => ({
  name: row.dataset.symbol,
  slider: row.querySelector("[type=range]"),
  number: row.querySelector("[type=number]"),
}));

function showRefusal(text) {
  const refusal = document.getElementById("refusal");
  refusal.textContent = text;
  refusal.hidden = text === "";
}

function extentProblem({ name, number }) {
  if (number.checkValidity() && number.value !== "") return "";
  const step = number.step === "1" ? "" : `, multiple of ${number.step}`;
  return `${name}: expected a number from ${number.min} to ${number.max}${step}`;
}

function update() {
  const problem = extents.map(extentProblem).find((text) => text !== "");
  if (problem) return showRefusal(problem);
  const figures = figuresAt(extents.map(({ number }) => BigInt(number.value)));
  const [refusal] = figures.refusals;
  showRefusal(refusal ? `The model refuses these extents: node '${refusal.node}': ${refusal.message}` : "");
  for (const listener of listeners) listener(figures);
}

let isWaiting = false;
function updateSoon() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    update();
  });
}

for (const { slider, number } of extents) {
  slider.disabled = number.disabled = false;
  slider.addEventListener("input", () => {
    number.value = slider.value;
    updateSoon();
  });
  number.addEventListener("input", () => {
    if (number.checkValidity() && number.value !== "") slider.value = number.value;
    updateSoon();
  });
}
for (const element of document.querySelectorAll(".scripted")) element.hidden = false;

