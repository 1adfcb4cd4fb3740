// Charts: drawn by uPlot where that is there, and zoomed into by dragging.

/**
 * The intervals of the page's chart, of the table that the server wrote beside it.
 * @typedef {{row: HTMLTableRowElement, link: string, values: (number|null)[], label: string|undefined, isSoFar: boolean}} Interval
 * @returns {Interval[]}
 */
function intervals() {
  return [...document.querySelectorAll("tr[data-drawn]")].map((row) => ({
    row,
    link: row.querySelector("a").href,
    values: row.dataset.drawn.split(",").map((text) => (text === "" ? null : Number(text))),
    label: row.dataset.label,
    isSoFar: "soFar" in row.dataset,
  }));
}

/** Leads to the page of the intervals from one to another, whose ends are those that the server gave them. */
function narrow(all, one, other) {
  const place = new URL(all[Math.min(one, other)].link);
  place.searchParams.set("to", new URL(all[Math.max(one, other)].link).searchParams.get("to"));
  location.assign(place);
}

/**
 * Dragging over a chart zooms into what was dragged over; a click leads into one interval.
 * @param {Element} surface as wide as all intervals together
 * @param {Interval[]} all
 * @param {boolean} isLinked whether it has links of its own for clicks
 */
function drags(surface, all, isLinked) {
  const plot = surface.closest(".plot");
  const band = document.createElement("div");
  let [from, start, isDragging] = [0, null, false];
  const at = (event) => {
    const { left, width } = surface.getBoundingClientRect();
    return Math.max(0, Math.min(all.length - 1, Math.floor(((event.clientX - left) / width) * all.length)));
  };
  const end = () => { start = null; isDragging = false; band.remove(); };
  band.className = "band";
  surface.addEventListener("dragstart", (event) => event.preventDefault());
  surface.addEventListener("pointerdown", (event) => { if (event.button === 0) [from, start] = [event.clientX, at(event)]; });
  addEventListener("pointermove", (event) => {
    if (start === null) return;
    isDragging ||= Math.abs(event.clientX - from) > 5;
    if (!isDragging) return;
    const [box, outer, here] = [surface.getBoundingClientRect(), plot.getBoundingClientRect(), at(event)];
    const slot = box.width / all.length;
    band.style.left = `${box.left - outer.left + Math.min(start, here) * slot}px`;
    band.style.width = `${(Math.abs(here - start) + 1) * slot}px`;
    plot.append(band);
  });
  addEventListener("pointerup", (event) => {
    if (isDragging) {
      // No click comes of it.
      addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
      narrow(all, start, at(event));
    } else if (start !== null && !isLinked) {
      location.assign(all[start].link);
    }
    end();
  });
  addEventListener("pointercancel", end);
}

/** The chart, drawn anew by uPlot where that is there: an interval's figures are those of its row of the table. */
function charts() {
  const plot = document.querySelector(".plot[data-most]");
  const all = intervals();
  if (!plot || all.length === 0) return;
  const svg = plot.querySelector("svg:not(.scale)");
  drags(svg, all, true);
  if (typeof uPlot === "undefined") return;
  const place = document.createElement("div");
  place.className = "canvas";
  place.ariaHidden = "true";
  plot.append(place);
  let drawn = null;
  // Colours are read once.
  const draw = () => {
    drawn?.destroy();
    drawn = new uPlot(plotOptions(plot, svg, place, all), plotColumns(plot, all), place);
    drags(drawn.over, all, false);
  };
  draw();
  plot.classList.add("drawn");
  new ResizeObserver(() => drawn.setSize({ width: svg.getBoundingClientRect().width, height: 204 })).observe(svg);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

/** What the legend says is drawn, from the ground up, and in which colours. */
function plotKinds(plot) {
  return [...plot.closest("figure").querySelectorAll(".legend .key:not(.hatched)")].map((key) => {
    const isBefore = key.classList.contains("was");
    const style = getComputedStyle(key);
    return { isBefore, colour: isBefore ? style.borderTopColor : style.backgroundColor };
  });
}

/** Places, then a column a kind: bars stand one on the other, and the highest is drawn first. What is not nothing does not look like it. */
function plotColumns(plot, all) {
  const kinds = plotKinds(plot);
  const columns = kinds.map((_, kind) => all.map((one) => one.values[kind] ?? null));
  if ("bars" in plot.dataset) {
    const least = Number(plot.dataset.most) / 240;
    all.forEach((one, place) => {
      let sum = 0;
      kinds.forEach(({ isBefore }, kind) => {
        if (isBefore) return;
        const value = one.values[kind];
        sum += value ? Math.max(value, least) : 0;
        columns[kind][place] = value ? sum : null;
      });
    });
    columns.reverse();
  }
  return [all.map((_, place) => place), ...columns];
}

function plotOptions(plot, svg, place, all) {
  const [hasBars, most, count] = ["bars" in plot.dataset, Number(plot.dataset.most), all.length];
  const width = svg.getBoundingClientRect().width;
  const colour = (name) => { place.style.color = `var(${name})`; return getComputedStyle(place).color; };
  const [quiet, line, raised, sunken] = ["--quiet", "--line", "--raised", "--sunken"].map(colour);
  const kinds = plotKinds(plot);
  const before = kinds.findIndex((kind) => kind.isBefore);
  const series = kinds.map(({ isBefore, colour: stroke }) =>
    hasBars
      ? { fill: stroke, width: 0, points: { show: false }, paths: isBefore ? () => null : uPlot.paths.bars({ size: [0.78, width * 0.07] }) }
      : { stroke, width: isBefore ? 1.25 : 1.75, dash: isBefore ? [4, 3] : undefined, points: { show: !isBefore, size: 4, fill: stroke } });
  if (hasBars) series.reverse();
  const step = innerWidth < 640 ? 2 : 1;
  // Half of a label must have room at the edge.
  const labelled = all.map((one, index) => [index, one.label]).filter(([, label]) => label)
    .filter(([index], place) => place % step === 0 && ((index + 0.5) * width) / count > 16);
  const slot = (u, index) => [u.valToPos(index - 0.5, "x", true), u.valToPos(index + 0.5, "x", true)];
  return {
    width, height: 204, padding: [0, 0, 0, 0], series: [{}, ...series], legend: { show: false },
    scales: { x: { time: false, range: [-0.5, count - 0.5] }, y: { range: [0, most] } },
    axes: [
      { size: 24, font: "11px system-ui, sans-serif", stroke: quiet, splits: () => labelled.map(([index]) => index), values: () => labelled.map(([, label]) => label), grid: { show: false }, ticks: { show: false } },
      { size: 0, splits: () => [0, most / 2, most], values: (_, splits) => splits.map(() => ""), grid: { stroke: line, width: 1 }, ticks: { show: false } },
    ],
    cursor: { y: false, drag: { x: false, y: false }, points: hasBars ? { show: false } : {} },
    hooks: {
      setCursor: [tip(place, all)],
      drawClear: [(u) => {
        u.ctx.fillStyle = sunken;
        all.forEach((one, index) => {
          const [left, right] = slot(u, index);
          if (hasBars && one.values[0] === null) u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
        });
      }],
      draw: [(u) => all.forEach((one, index) => {
        const [left, right] = slot(u, index);
        const beside = hasBars && before >= 0 ? one.values[before] : null;
        if (beside !== null) rule(u, left, right, beside, kinds[before].colour);
        const own = one.values.filter((_, kind) => kind !== before);
        const top = hasBars ? own.reduce((sum, value) => sum + value, 0) : Math.max(...own);
        if (one.isSoFar) hatch(u, left, right, hasBars ? Math.min(0.78, 0.07 * count) : 1, u.valToPos(top, "y", true), raised);
      })],
    },
  };
}

/** What an interval is compared with, as a line over it. */
function rule({ ctx, valToPos }, left, right, value, colour) {
  const y = valToPos(value, "y", true);
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
  ctx.restore();
}

/** Stripes over what is not over yet. */
function hatch({ ctx, bbox }, left, right, part, top, colour) {
  const [middle, half] = [(left + right) / 2, ((right - left) * part) / 2];
  ctx.save();
  ctx.beginPath();
  ctx.rect(middle - half, top, 2 * half, bbox.top + bbox.height - top);
  ctx.clip();
  ctx.globalAlpha = 0.65;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.beginPath();
  for (let x = middle - half - bbox.height; x < middle + half; x += 8 * devicePixelRatio) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** Shows the table's row of the interval under the pointer beside it. */
function tip(place, all) {
  const box = document.createElement("div");
  box.className = "tip";
  return (u) => {
    const index = u.cursor.left >= 0 ? u.cursor.idx : null;
    if (index === null || index === undefined) return box.remove();
    const { row } = all[index];
    const names = row.closest("table").tHead.rows[0].cells;
    const lines = [...row.cells].map((cell, column) => {
      const line = document.createElement("div");
      line.textContent = column === 0 ? cell.textContent : `${names[column].textContent} ${cell.textContent}`;
      return line;
    });
    const x = u.valToPos(index, "x");
    const isRight = x > place.clientWidth / 2;
    box.style.left = isRight ? "auto" : `${x + 12}px`;
    box.style.right = isRight ? `${place.clientWidth - x + 12}px` : "auto";
    box.replaceChildren(...lines);
    place.append(box);
  };
}

charts();
