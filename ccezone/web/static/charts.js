// Pictures of figures, by ECharts, over tables that hold the same numbers: without scripts the table stands alone.
// A chart is <figure class="chart" data-chart='{…}' hidden> (macros/chart.html, shell/charts.py); new ones from htmx are drawn too.
"use strict";

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const grouped = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format;
const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 }).format;
const written = (value) => (value === null || value === undefined || value === "-" ? "—" : grouped(value));

// Tones differ by brightness and by hatching as well: no meaning hangs on colour alone.
const tones = () => ({
  good: { color: style("--chart-good") },
  info: { color: style("--chart-info") },
  warn: { color: style("--chart-warn") },
  bad: { color: style("--chart-bad"), decal: { symbol: "rect", rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [2, 4], color: "rgb(255 255 255 / 55%)" } },
});

const series = (chart) => chart.series.map((each) => ({
  name: each.name,
  data: each.values,
  type: chart.kind === "lines" ? "line" : "bar",
  stack: chart.kind === "lines" || !chart.stacked ? undefined : "all",
  barMaxWidth: 28,
  symbol: each.tone === "warn" ? "diamond" : "circle",
  symbolSize: 8,
  lineStyle: { width: 2, type: each.tone === "warn" ? "dashed" : "solid" },
  itemStyle: { ...tones()[each.tone], borderColor: style("--chart-ground"), borderWidth: chart.kind === "lines" ? 0 : 1 },
  cursor: chart.links.some(Boolean) ? "pointer" : "default",
  emphasis: { disabled: true },
}));

const options = (chart, width, paper) => {
  const ink = style("--chart-ink");
  const words = { color: ink, fontSize: 13 };
  const lying = chart.kind === "bars";
  const names = {
    type: "category",
    data: chart.labels,
    inverse: lying,
    z: 3, // over the bars' edges
    axisTick: { show: false },
    axisLine: { lineStyle: { color: ink } },
    axisLabel: { ...words, hideOverlap: !lying, interval: lying ? 0 : "auto", width: lying ? Math.min(200, width * 0.36) : undefined, overflow: lying ? "truncate" : "none" },
  };
  const numbers = {
    type: "value",
    minInterval: chart.whole ? 1 : 0,
    splitNumber: width < 500 ? 3 : 5,
    splitLine: { lineStyle: { color: style("--line") } },
    axisLabel: { ...words, formatter: short, hideOverlap: true },
  };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    legend: chart.series.length > 1 ? { top: 0, left: 0, textStyle: words, itemGap: 16 } : undefined,
    tooltip: { show: !paper, trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: chart.kind === "lines" ? "line" : "shadow" }, valueFormatter: written },
    grid: { left: 4, right: 24, top: chart.series.length > 1 ? 40 : 12, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: lying ? numbers : names,
    yAxis: lying ? names : numbers,
    series: series(chart),
  };
};

const draw = (figure) => {
  const chart = JSON.parse(figure.dataset.chart);
  const picture = figure.querySelector(".chart-picture");
  figure.hidden = false;
  if (chart.kind === "bars") picture.style.height = `${64 + chart.labels.length * (chart.stacked ? 34 : 46)}px`;
  const drawn = echarts.init(picture, null, { renderer: "svg" });
  const fit = (paper = 0) => {
    const width = paper || picture.clientWidth;
    if (drawn.isDisposed() || !width) return;
    drawn.resize({ width });
    drawn.setOption(options(chart, width, paper), true);
    drawn.getZr().flush();
  };
  fit();
  drawn.on("click", ({ dataIndex }) => { if (chart.links[dataIndex]) window.location.assign(chart.links[dataIndex]); });
  new ResizeObserver(() => fit()).observe(picture);
  picture.addEventListener("paper", () => fit(PAPER));
  picture.addEventListener("screen", () => fit());
};

const PAPER = 640; // pixels: A4 upright between its margins
const tell = (what) => document.querySelectorAll(".chart-picture").forEach((picture) => picture.dispatchEvent(new Event(what)));
window.addEventListener("beforeprint", () => tell("paper"));
window.addEventListener("afterprint", () => tell("screen"));

htmx.onLoad((place) => {
  const fresh = ".chart[data-chart][hidden]";
  [...(place.matches(fresh) ? [place] : []), ...place.querySelectorAll(fresh)].forEach(draw);
});
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  if (event.target.classList?.contains("chart-picture")) echarts.getInstanceByDom(event.target)?.dispose();
});
