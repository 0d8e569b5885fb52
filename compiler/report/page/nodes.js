// The list of nodes: a filter, and links that open what they lead to.

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.tagName !== "DETAILS") return;
  target.hidden = false;
  target.open = true;
  target.scrollIntoView({ block: "nearest" });
}
window.addEventListener("hashchange", openTarget);
openTarget();

const nodeEntries = [...document.querySelectorAll("#node-list > details")].map((element) => ({
  element,
  text: element.textContent.toLowerCase(),
}));
const filter = document.getElementById("filter");
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const { element, text } of nodeEntries) {
    element.hidden = !words.every((word) => text.includes(word));
    count += !element.hidden;
  }
  document.getElementById("filtered").textContent = `${count} of ${nodeEntries.length}`;
});

update();
