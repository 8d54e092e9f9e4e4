// Draws each [data-chart] from the table that stands on the same page: what is kept in grey, what is missed in red
// hatching.
import { token } from "./token.js";

// What a bar has room for above it, by the width in pixels that it has for itself; the table says all of it.
const ROOM = [
  [72, "words"],
  [40, "rate"],
];
const HATCHED = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 };

function read(place) {
  const rows = [...document.querySelectorAll(`#${place.dataset.table} tbody tr[data-label]`)].slice(
    0,
    Number(place.dataset.most) || undefined,
  );
  return rows.map((row) => ({
    label: row.dataset.label,
    ...row.querySelector(`[data-figure="${place.dataset.chart}"]`).dataset,
  }));
}

function told(place, { label, words, kept, missed }) {
  return [`${label}  ${words}`, `${place.dataset.keptWord} ${kept}`, `${place.dataset.missedWord} ${missed}`].join(
    "\n",
  );
}

function series(name, values, look) {
  return { name, type: "bar", stack: "all", barMaxWidth: 44, data: values, ...look };
}

function option(place, lines) {
  const sideways = "sideways" in place.dataset;
  const [ink, second, line, kept, missed, surface] = [
    "--ink",
    "--ink-2",
    "--line",
    "--bar",
    "--red-bar",
    "--surface",
  ].map(token);
  const width = sideways ? Infinity : place.clientWidth / lines.length;
  const said = ROOM.find(([least]) => width >= least)?.[1];
  const text = { color: second, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const inside = { show: width >= 20, position: "inside", color: surface, formatter: ({ value }) => value || "" };
  const above = {
    show: Boolean(said),
    position: sideways ? "right" : "top",
    ...text,
    color: ink,
    fontWeight: 600,
    formatter: ({ dataIndex }) => lines[dataIndex][said],
  };
  const names = {
    type: "category",
    data: lines.map(({ label }) => label),
    inverse: sideways,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: { ...text, width: sideways ? 120 : 72, overflow: "truncate", interval: 0, hideOverlap: true },
  };
  const numbers = { type: "value", min: 0, minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: line } } };
  return {
    animation: false,
    textStyle: text,
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 12, textStyle: text, selectedMode: false },
    grid: { top: 48, right: sideways ? 112 : 8, bottom: 4, left: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow", animation: false },
      renderMode: "richText",
      formatter: ([{ dataIndex }]) => told(place, lines[dataIndex]),
      backgroundColor: surface,
      borderColor: line,
      textStyle: { ...text, color: ink },
      transitionDuration: 0,
    },
    xAxis: sideways ? numbers : names,
    yAxis: sideways ? names : numbers,
    series: [
      series(
        place.dataset.keptWord,
        lines.map((each) => Number(each.kept)),
        { itemStyle: { color: kept }, label: inside },
      ),
      series(
        place.dataset.missedWord,
        lines.map((each) => Number(each.missed)),
        { itemStyle: { color: missed, decal: { ...HATCHED, color: surface } }, label: above },
      ),
    ],
  };
}

function draw(place) {
  const lines = read(place);
  place.hidden = false;
  const chart = globalThis.echarts.init(place, null, { renderer: "canvas" });
  const paint = () => chart.setOption(option(place, lines), true);
  paint();
  chart.on("click", ({ dataIndex }) => {
    location.href = lines[dataIndex].url;
  });
  new ResizeObserver(() => {
    chart.resize();
    paint();
  }).observe(place);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

document.querySelectorAll("[data-chart]").forEach(draw);
