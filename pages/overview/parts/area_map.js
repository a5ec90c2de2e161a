// Draws the enterprises of an area, the outlines of the areas below and known places on a canvas, from what the page
// hands over alone: nothing is fetched. Kilometres east and north become pixels by one factor, so that the map is true
// to scale at any zoom. A finger pans, two zoom; so do the mouse, its wheel and the keyboard.
const views = new Map();
const RADIUS = innerWidth > 640 ? 4.5 : 3.2, REACH = 9, FINGER = 20, STEP = 1.5, CLOSEST = 400, MARK = 4, EDGE = 60; // the tools take a stripe of it

const make = (tag, className, text = "") => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
};
const button = (className, text, title, press) => {
  const node = make("button", className, text);
  node.type = "button";
  node.title = title;
  node.setAttribute("aria-label", title);
  node.onclick = press;
  return node;
};
const contains = (corners, x, y) => corners.reduce((inside, [ax, ay], place) => {
  const [bx, by] = corners[(place + corners.length - 1) % corners.length];
  return (ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !inside : inside;
}, false);

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".map");
  root.stop?.();
  const { dots, shapes, marks, words, modes } = data;
  const count = dots.id.length;
  const kept = views.get(data.key);
  const view = kept?.stamp === data.stamp ? kept : { stamp: data.stamp, mode: kept?.mode ?? modes[0].key, scale: 0 };
  views.set(data.key, view);
  const mode = () => modes.find((each) => each.key === view.mode) ?? modes[0];

  const canvas = make("canvas", "canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words.title);
  const stage = make("div", "stage");
  const card = make("div", "card");
  const bar = make("div", "bar");
  const tools = make("div", "tools");
  card.hidden = true;
  stage.append(canvas, tools, card);
  root.replaceChildren(bar, stage);
  const ink = canvas.getContext("2d");
  let width = 0, height = 0, waiting = 0;

  // ---- what is seen: pixels per kilometre and the kilometre in the middle
  const across = ([x, y]) => [width / 2 + (x - view.x) * view.scale, height / 2 - (y - view.y) * view.scale];
  const back = (px, py) => [view.x + (px - width / 2) / view.scale, view.y - (py - height / 2) / view.scale];
  const bounds = () => {
    const all = [...shapes.flatMap((shape) => shape.corners), ...dots.x.map((x, place) => [x, dots.y[place]])];
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of all) {
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
    return all.length ? box : [-1, -1, 1, 1];
  };
  const fit = () => {
    const [left, low, right, high] = bounds();
    view.x = (left + right) / 2;
    view.y = (low + high) / 2;
    view.least = Math.min((width - 2 * EDGE) / Math.max(right - left, 0.2), (height - 40) / Math.max(high - low, 0.2));
    view.scale = view.least;
    redraw();
  };
  const zoom = (factor, px = width / 2, py = height / 2) => {
    const [x, y] = back(px, py);
    view.scale = Math.min(Math.max(view.scale * factor, view.least * 0.6), Math.max(CLOSEST, view.least));
    view.x = x - (px - width / 2) / view.scale;
    view.y = y + (py - height / 2) / view.scale;
    redraw();
  };
  const pan = (dx, dy) => { view.x -= dx / view.scale; view.y += dy / view.scale; redraw(); };

  // ---- drawing
  const colours = () => getComputedStyle(root);
  const polygon = (corners) => {
    ink.beginPath();
    corners.forEach((corner, place) => ink[place ? "lineTo" : "moveTo"](...across(corner)));
    ink.closePath();
  };
  const label = (text, px, py, taken, font, colour, paper) => {
    ink.font = font;
    const wide = ink.measureText(text).width / 2 + 3;
    const box = [px - wide, py - 9, px + wide, py + 9];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return;
    taken.push(box);
    ink.lineWidth = 3;
    ink.strokeStyle = paper;
    ink.strokeText(text, px, py);
    ink.fillStyle = colour;
    ink.fillText(text, px, py);
  };
  const draw_dots = () => {
    const { groups, of } = mode();
    const kinds = dots[of];
    groups.forEach(({ colour }, kind) => {
      ink.fillStyle = colour;
      ink.beginPath();
      for (let place = 0; place < count; place += 1) {
        if (kinds[place] !== kind) continue;
        const px = width / 2 + (dots.x[place] - view.x) * view.scale;
        const py = height / 2 - (dots.y[place] - view.y) * view.scale;
        if (px < -RADIUS || py < -RADIUS || px > width + RADIUS || py > height + RADIUS) continue;
        ink.moveTo(px + RADIUS, py);
        ink.arc(px, py, RADIUS, 0, 2 * Math.PI);
      }
      ink.fill();
    });
  };
  const draw_marks = (style, taken) => {
    ink.fillStyle = style.getPropertyValue("--map-mark");
    for (const { name, at } of marks) {
      const [px, py] = across(at);
      ink.fillRect(px - MARK, py - MARK, 2 * MARK, 2 * MARK);
      if (view.scale > 90) label(name, px, py + 14, taken, `11px ${words.font}`, style.getPropertyValue("--map-mark"), style.getPropertyValue("--map-paper"));
      ink.fillStyle = style.getPropertyValue("--map-mark");
    }
  };
  const draw_scale = (style) => {
    const wanted = 110 / view.scale;
    const unit = 10 ** Math.floor(Math.log10(wanted));
    const length = [5, 2, 1].map((each) => each * unit).find((each) => each <= wanted);
    const px = length * view.scale, y = height - 14;
    ink.strokeStyle = ink.fillStyle = style.getPropertyValue("--map-text");
    ink.lineWidth = 1.5;
    ink.beginPath();
    ink.moveTo(14, y - 5); ink.lineTo(14, y); ink.lineTo(14 + px, y); ink.lineTo(14 + px, y - 5);
    ink.stroke();
    ink.font = `11px ${words.font}`;
    ink.textAlign = "left";
    ink.fillText(length < 1 ? `${Math.round(length * 1000)} m` : `${length} km`, 20, y - 8);
  };
  const draw = () => {
    waiting = 0;
    const begun = performance.now();
    const style = colours();
    const [paper, text] = ["--map-paper", "--map-text"].map((name) => style.getPropertyValue(name));
    ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ink.clearRect(0, 0, width, height);
    ink.fillStyle = paper;
    ink.fillRect(0, 0, width, height);
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    for (const shape of shapes) {
      polygon(shape.corners);
      ink.fillStyle = shape === view.over ? words.over : words.fill;
      ink.fill();
      ink.lineWidth = 1.2;
      ink.strokeStyle = words.line;
      ink.stroke();
    }
    draw_dots();
    const taken = [];
    for (const { name, middle, told } of shapes) {
      const [px, py] = across(middle);
      label(name, px, py, taken, `600 13px ${words.font}`, text, paper);
      if (!count) label(told, px, py + 19, taken, `12px ${words.font}`, text, paper);
    }
    draw_marks(style, taken);
    draw_scale(style);
    canvas.dataset.drawn = Number(canvas.dataset.drawn ?? 0) + 1;
    canvas.dataset.milliseconds = (performance.now() - begun).toFixed(2);
  };
  const redraw = () => { waiting ||= requestAnimationFrame(draw); };

  // ---- what lies where
  const dot_at = (px, py, reach) => {
    let best = -1, least = reach * reach;
    for (let place = 0; place < count; place += 1) {
      const dx = width / 2 + (dots.x[place] - view.x) * view.scale - px;
      const dy = height / 2 - (dots.y[place] - view.y) * view.scale - py;
      if (dx * dx + dy * dy <= least) { least = dx * dx + dy * dy; best = place; }
    }
    return best;
  };
  const shape_at = (px, py) => {
    const [x, y] = back(px, py);
    return shapes.filter((shape) => contains(shape.corners, x, y)).sort((a, b) => a.size - b.size)[0];
  };
  const mark_at = (px, py, reach) => marks.find(({ at }) => {
    const [mx, my] = across(at);
    return Math.hypot(mx - px, my - py) <= reach;
  });
  const open = (kind, value) => setTriggerValue("pressed", { kind, value });

  // ---- the card beside what is pointed at
  const show = (px, py, lines, action) => {
    card.replaceChildren(...lines.filter(Boolean).map((line, place) => make("p", place ? "line" : "name", line)));
    if (action) card.append(button("open", action.label, action.label, action.press));
    card.classList.toggle("pressable", Boolean(action));
    card.hidden = false;
    const left = Math.min(Math.max(px + 12, 8), Math.max(width - card.offsetWidth - 8, 8));
    const below = py + 14 + card.offsetHeight < height;
    card.style.left = `${left}px`;
    card.style.top = `${Math.max(below ? py + 14 : py - 14 - card.offsetHeight, 8)}px`;
  };
  const of_dot = (place) => [
    dots.name[place],
    modes[0].groups[dots.reached[place]]?.label,
    `${words.open} ${dots.open[place]} · ${words.overdue} ${dots.overdue[place]}`,
    dots.address[place],
    `GCJ-02 ${dots.gcj[place]}`,
    `WGS-84 ${dots.wgs[place]}`,
  ];
  const point_at = (px, py, finger) => {
    const reach = finger ? FINGER : REACH;
    const place = dot_at(px, py, reach);
    const mark = place < 0 && mark_at(px, py, reach);
    const shape = place < 0 && !mark ? shape_at(px, py) : undefined;
    canvas.style.cursor = place >= 0 || shape ? "pointer" : "grab";
    if (view.over !== shape) { view.over = shape; redraw(); }
    const tell = (lines, label, kind, value) => show(px, py, lines, finger ? { label, press: () => open(kind, value) } : null);
    if (place >= 0) tell(of_dot(place), words.open_enterprise, "enterprise", dots.id[place]);
    else if (mark) show(px, py, [mark.name, words.mark], null);
    else if (shape) tell([shape.name, shape.told], words.open_area, "area", shape.id);
    else card.hidden = true;
  };
  const press_at = (px, py) => {
    const place = dot_at(px, py, REACH);
    const shape = place < 0 ? shape_at(px, py) : undefined;
    if (place >= 0) open("enterprise", dots.id[place]);
    else if (shape) open("area", shape.id);
  };

  // ---- mouse, fingers, keyboard
  const fingers = new Map();
  let moved = 0;
  const place_of = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place_of(event));
    if (fingers.size === 1) moved = 0;
  };
  canvas.onpointermove = (event) => {
    const now = place_of(event), before = fingers.get(event.pointerId);
    if (!before) { if (event.pointerType === "mouse") point_at(...now, false); return; }
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (fingers.size === 1) pan(now[0] - before[0], now[1] - before[1]);
    if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const apart = (one) => Math.max(Math.hypot(one[0] - other[0], one[1] - other[1]), 1);
      zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    fingers.set(event.pointerId, now);
    if (moved > 5) card.hidden = true;
  };
  canvas.onpointerup = (event) => {
    const alone = fingers.size === 1 && moved <= 5;
    fingers.delete(event.pointerId);
    if (!alone) return;
    if (event.pointerType === "mouse") press_at(...place_of(event));
    else point_at(...place_of(event), true);
  };
  canvas.onpointercancel = (event) => fingers.delete(event.pointerId);
  canvas.onpointerleave = (event) => { if (event.pointerType === "mouse") { card.hidden = true; if (view.over) { view.over = undefined; redraw(); } } };
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    card.hidden = true;
    zoom(Math.exp(-event.deltaY / 400), ...place_of(event));
  }, { passive: false });
  canvas.onkeydown = (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    const factor = { "+": STEP, "=": STEP, "-": 1 / STEP }[event.key];
    if (!step && !factor && event.key !== "0") return;
    event.preventDefault();
    if (step) pan(...step); else if (factor) zoom(factor); else fit();
  };
  tools.append(
    button("tool", "+", words.closer, () => zoom(STEP)),
    button("tool", "−", words.farther, () => zoom(1 / STEP)),
    button("tool", "⤢", words.fit, fit),
    button("tool", "⤓", words.save, () => save()),
  );

  // ---- what colours mean
  const draw_bar = () => {
    const choices = make("div", "modes");
    choices.append(...modes.filter((each) => each.label).map((each) => button(`mode${each === mode() ? " chosen" : ""}`, each.label, each.label, () => {
      view.mode = each.key;
      draw_bar();
      redraw();
    })));
    const legend = make("div", "legend");
    legend.append(...mode().groups.filter((group) => group.label).map((group) => {
      const link = group.opens !== undefined;
      const entry = link ? button("entry link", "", words.list, () => open("legend", group.opens)) : make("span", "entry");
      const swatch = make("i", "swatch");
      swatch.style.background = group.colour;
      entry.append(swatch, group.label, make("b", "number", group.count ?? ""));
      return entry;
    }));
    if (marks.length) {
      const entry = make("span", "entry");
      entry.append(make("i", "swatch mark"), words.mark);
      legend.append(entry);
    }
    bar.replaceChildren(choices, legend);
  };
  const save = () => {
    const sheet = document.createElement("canvas"), head = 64;
    sheet.width = canvas.width;
    sheet.height = canvas.height + head * devicePixelRatio;
    const pen = sheet.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(canvas, 0, head * devicePixelRatio);
    pen.scale(devicePixelRatio, devicePixelRatio);
    pen.textBaseline = "middle";
    pen.fillStyle = "#1c2733";
    pen.font = `600 16px ${words.font}`;
    pen.fillText(words.title, 14, 20);
    pen.font = `12px ${words.font}`;
    let x = 14;
    for (const group of mode().groups.filter((each) => each.label)) {
      pen.fillStyle = group.colour;
      pen.fillRect(x, 40, 11, 11);
      pen.fillStyle = "#1c2733";
      const text = `${group.label} ${group.count ?? ""}`;
      pen.fillText(text, x + 16, 46);
      x += pen.measureText(text).width + 32;
    }
    sheet.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${words.title}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  };

  const measure = () => {
    const box = stage.getBoundingClientRect();
    if (!box.width || (box.width === width && box.height === height)) return;
    [width, height] = [box.width, box.height];
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    if (view.scale) redraw(); else fit();
  };
  const watch = new ResizeObserver(measure);
  watch.observe(stage);
  canvas.dataset.points = count;
  canvas.dataset.outlines = shapes.length;
  draw_bar();
  measure();
  root.stop = () => { watch.disconnect(); cancelAnimationFrame(waiting); };
  return root.stop;
}
