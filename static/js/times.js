// Clocks and ages. The server's clock is the only one trusted: a workstation's may be wrong.
(() => {
  "use strict";
  const jocc = (window.jocc = window.jocc || {});
  let offset = 0;

  /** The server's time now, in milliseconds. */
  jocc.now = () => Date.now() + offset;

  const two = (value) => String(value).padStart(2, "0");

  const parts = (when, zone) => {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hour12: false, year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    return Object.fromEntries(format.formatToParts(when).map((part) => [part.type, part.value]));
  };

  /** How long ago: seconds and minutes under one hour, else time of day, else day and time. */
  jocc.age = (when) => {
    const passed = Math.floor((jocc.now() - when) / 1000);
    // What has just been seen may lie a moment ahead of a clock that was set when the page was sent.
    if (passed > -10 && passed < 60) return `${Math.max(passed, 0)} s`;
    if (passed >= 0 && passed < 3600) return `${Math.floor(passed / 60)} min`;
    const zone = document.querySelector("[data-clock]")?.dataset.zone || "UTC";
    const then = parts(when, zone);
    const today = parts(jocc.now(), zone);
    const time = `${then.hour}:${then.minute}`;
    const sameDay = then.day === today.day && then.month === today.month && then.year === today.year;
    return sameDay ? time : `${then.day}/${then.month}/${then.year} ${time}`;
  };

  /** The time of day of a moment in the officer's zone. */
  jocc.timeOfDay = (when) => {
    const zone = document.querySelector("[data-clock]")?.dataset.zone || "UTC";
    const then = parts(when, zone);
    return `${then.hour}:${then.minute}:${then.second}`;
  };

  const setText = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };

  const tick = () => {
    const clock = document.querySelector("[data-clock]");
    if (clock) {
      const now = new Date(jocc.now());
      setText(clock.querySelector("[data-clock-local]"), jocc.timeOfDay(now));
      setText(clock.querySelector("[data-clock-utc]"), `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}`);
    }
    for (const element of document.querySelectorAll("[data-age]")) {
      setText(element, jocc.age(Date.parse(element.dateTime)));
    }
    document.dispatchEvent(new CustomEvent("jocc:second"));
  };

  document.addEventListener("DOMContentLoaded", () => {
    const clock = document.querySelector("[data-clock]");
    if (clock) offset = Date.parse(clock.dataset.now) - Date.now();
    tick();
    setInterval(tick, 1000);
  });
})();
