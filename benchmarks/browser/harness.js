// Timing inside the page. A frame counts as painted when the browser has done all its work for it: the first task after.

const frame = () => new Promise((done) => requestAnimationFrame(done));
const task = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done();
  port2.postMessage(0);
});
/** Just after a frame: every measurement starts at the same point of the screen's clock. */
const afterFrame = async () => { await frame(); await task(); };
const quiet = async (frames = 10) => { for (let n = 0; n < frames; n += 1) await afterFrame(); };

/** Milliseconds from `act` until `shown()` holds in a frame and that frame is done (or, with `next`, the frame after it begins). */
async function until(act, shown, { next = false, limit = 20_000 } = {}) {
  await afterFrame();
  const start = performance.now();
  act();
  for (;;) {
    await frame();
    if (shown()) break;
    if (performance.now() - start > limit) return null;
  }
  if (next) await frame(); else await task();
  return performance.now() - start;
}

/** Scroll down a screen's tenth per frame; how long the frames took. */
async function scrolling(element, frames = 120) {
  const step = element.clientHeight / 10;
  const times = [];
  let direction = 1;
  let last = await frame();
  for (let n = 0; n < frames; n += 1) {
    if (element.scrollTop + element.clientHeight >= element.scrollHeight - 1) direction = -1;
    if (element.scrollTop <= 0) direction = 1;
    element.scrollTop += direction * step;
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}

function load(url) {
  const script = document.createElement("script");
  script.src = url;
  return new Promise((done, failed) => {
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

// ---- what the driver calls; `tool` is one of `tools` in tools.js

const bench = {
  tool: null,
  /** The tool's style and script and the data are there, and nothing is built from them yet. */
  async open({ tool, data }) {
    const options = { ...tool.options };
    const style = document.createElement("style");
    style.textContent = tool.style ?? "";
    document.head.append(style);
    const url = URL.createObjectURL(new Blob([tool.script ?? ""], { type: "text/javascript" }));
    if (tool.module) options.widget = (await import(url)).default;
    else await load(url);
    this.tool = tools[tool.tool](data, options);
    await quiet();
  },
  /** The first paint; `whole` is then the time until the tool has nothing left to build. */
  async first() {
    const time = await until(() => this.tool.mount(document.getElementById("root")), () => this.tool.ready(), { next: true });
    const start = performance.now() - time;
    while (!(this.tool.whole?.() ?? true)) await afterFrame();
    this.whole = performance.now() - start;
    return time;
  },
  async add(n) {
    const place = this.tool.data.additions[n];
    await this.tool.aim?.(place);
    await quiet(5);
    return until(() => this.tool.add(place), () => this.tool.added(place));
  },
  resize(width) {
    const root = document.getElementById("root");
    return until(() => { root.style.inlineSize = `${width}px`; }, () => this.tool.resized?.() ?? true);
  },
  scroll(frames) { return scrolling(this.tool.scroller(), frames); },
};
