// What each kernel and launch is thought to take at the extents, and by which
// version.

const kernels = [...document.querySelectorAll("details.kernel")].map((element) => ({
  cost: element.querySelector(".cost"),
  meter: element.querySelector("summary .meter > span"),
  versions: [...element.querySelectorAll(".version-name")].map((name) => name.textContent),
  launches: [...element.querySelectorAll(".launch-cost")].map((cost, index) => ({
    number: Number(cost.dataset.launch),
    cost,
    version: element.querySelectorAll(".launch-version")[index],
  })),
}));

onExtents(({ costs, versions, nanoseconds }) => {
  for (const kernel of kernels) {
    let sum = 0n;
    for (const { number, cost, version } of kernel.launches) {
      sum += costs[number];
      cost.textContent = timeText(costs[number]);
      if (versions[number] >= 0n)
        version.textContent = kernel.versions[Number(versions[number])] ?? versions[number];
    }
    kernel.cost.textContent = timeText(sum);
    const share = Number(sum) / Math.max(Number(nanoseconds), 1);
    kernel.meter.style.width = `${100 * Math.min(share, 1)}%`;
  }
});

