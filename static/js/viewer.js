// The viewer of pictures: the view box is what is moved and enlarged, so that marks stay where they were made.
(() => {
  "use strict";
  const root = document.querySelector("[data-viewer]");
  if (!root) return;
  const stage = root.querySelector("[data-stage]");
  const picture = root.querySelector("[data-picture]");
  const pixels = root.querySelector("[data-pixels]");
  const draft = root.querySelector("[data-draft]");
  const told = root.querySelector("[data-zoomed]");
  const drawer = root.querySelector("[data-draw]");
  const form = document.querySelector("[data-note-form]");
  const width = Number(picture.dataset.width), height = Number(picture.dataset.height);
  const MOST = 16, STEP = 1.5;
  let zoom = 1, left = 0, top = 0;

  const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

  const show = () => {
    const wide = width / zoom, high = height / zoom;
    left = clamp(left, 0, width - wide);
    top = clamp(top, 0, height - high);
    picture.setAttribute("viewBox", `${left} ${top} ${wide} ${high}`);
    stage.classList.toggle("is-moved", zoom > 1);
    told.textContent = `${Math.round(zoom * 100)} %`;
  };

  // Enlarge round a point of the picture (its middle without one), which stays where it is.
  const enlarge = (by, at) => {
    const before = zoom;
    const point = at || { x: left + width / zoom / 2, y: top + height / zoom / 2 };
    zoom = clamp(zoom * by, 1, MOST);
    left = point.x - (point.x - left) * before / zoom;
    top = point.y - (point.y - top) * before / zoom;
    show();
  };
  const whole = () => { zoom = 1; left = 0; top = 0; show(); };
  const move = (x, y) => { left += x * width / zoom; top += y * height / zoom; show(); };

  const pointOf = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    return { x: clamp(point.x, 0, width), y: clamp(point.y, 0, height) };
  };

  for (const button of root.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      if (button.dataset.zoom === "whole") whole();
      else enlarge(button.dataset.zoom === "in" ? STEP : 1 / STEP);
    });
  }

  const KEYS = {
    "+": () => enlarge(STEP), "=": () => enlarge(STEP), "-": () => enlarge(1 / STEP), 0: whole,
    ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
  };
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    // Of a picture that is shown whole the arrows scroll the page.
    if (!act || (event.key.startsWith("Arrow") && zoom === 1)) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  stage.addEventListener("wheel", (event) => {
    // The page scrolls as everywhere, until the stage is being worked with.
    if (!event.ctrlKey && zoom === 1 && document.activeElement !== stage) return;
    event.preventDefault();
    enlarge(event.deltaY < 0 ? 1.2 : 1 / 1.2, pointOf(event));
  }, { passive: false });

  // Light: for looking only; nothing is changed in the picture.
  const light = { brightness: 100, contrast: 100, inverted: false };
  const shine = () => {
    pixels.style.filter = `${light.inverted ? "invert(1) " : ""}brightness(${light.brightness}%) contrast(${light.contrast}%)`;
  };
  for (const slider of root.querySelectorAll("[data-light]")) {
    slider.addEventListener("input", () => { light[slider.dataset.light] = slider.value; shine(); });
  }
  const inverter = root.querySelector("[data-invert]");
  inverter.addEventListener("click", () => {
    light.inverted = !light.inverted;
    inverter.setAttribute("aria-pressed", String(light.inverted));
    shine();
  });

  // Marking a part: drawn with the pointer, or written into the fields; both show the same draft.
  const field = (name) => form?.querySelector(`[name="note-${name}"]`);
  const drawDraft = (x, y, wide, high) => {
    for (const [name, value] of [["x", x], ["y", y], ["width", wide], ["height", high]]) draft.setAttribute(name, value);
  };
  const written = () => {
    const [x, y, wide, high] = ["left", "top", "width", "height"].map((name) => parseFloat(field(name).value));
    if ([x, y, wide, high].some(Number.isNaN)) return;
    drawDraft(x * width / 100, y * height / 100, wide * width / 100, high * height / 100);
  };
  const write = (from, to) => {
    const x = Math.min(from.x, to.x), y = Math.min(from.y, to.y);
    const wide = Math.abs(from.x - to.x), high = Math.abs(from.y - to.y);
    drawDraft(x, y, wide, high);
    // Cut, not rounded: left and width together never lead out of the picture.
    const share = (value, side) => (Math.floor(value / side * 1000) / 10).toString();
    field("left").value = share(x, width);
    field("top").value = share(y, height);
    field("width").value = share(wide, width);
    field("height").value = share(high, height);
  };
  if (form) {
    form.addEventListener("input", written);
    written();
  }
  const drawing = () => drawer?.getAttribute("aria-pressed") === "true";
  const setDrawing = (on) => {
    drawer?.setAttribute("aria-pressed", String(on));
    stage.classList.toggle("is-drawing", on);
  };
  drawer?.addEventListener("click", () => setDrawing(!drawing()));

  let held = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (!drawing() && zoom === 1)) return;
    event.preventDefault();
    stage.focus();
    stage.setPointerCapture(event.pointerId);
    stage.classList.toggle("is-held", !drawing());
    held = { from: pointOf(event), drawing: drawing() };
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held) return;
    const here = pointOf(event);
    if (held.drawing) {
      write(held.from, here);
    } else {
      left += held.from.x - here.x;
      top += held.from.y - here.y;
      show();
    }
  });
  const release = () => {
    if (held?.drawing) {
      setDrawing(false);
      field("text")?.focus();
    }
    held = null;
    stage.classList.remove("is-held");
  };
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);

  // From a note to its mark.
  const mark = (number) => root.querySelector(`[data-mark="${number}"]`);
  for (const note of document.querySelectorAll("[data-note]")) {
    const lit = (on) => mark(note.dataset.note)?.classList.toggle("is-shown", on);
    note.addEventListener("pointerenter", () => lit(true));
    note.addEventListener("pointerleave", () => lit(false));
    note.addEventListener("focusin", () => lit(true));
    note.addEventListener("focusout", () => lit(false));
  }
  for (const button of document.querySelectorAll("[data-show]")) {
    button.addEventListener("click", () => {
      const box = mark(button.dataset.show)?.querySelector("rect");
      if (!box) return;
      const [x, y, wide, high] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
      zoom = clamp(Math.min(width / wide, height / high) * 0.6, 1, MOST);
      left = x + wide / 2 - width / zoom / 2;
      top = y + high / 2 - height / zoom / 2;
      show();
      stage.scrollIntoView({ block: "nearest" });
    });
  }
})();
