// How WeChat writes a moment: the clock for today, the day before it for older ones. Beijing time.

const ZONE = "Asia/Shanghai";
const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const WEEKDAY = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, weekday: "long" });
const DATE = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, year: "numeric", month: "long", day: "numeric" });
const DAY = 24 * 60 * 60 * 1000;

const dayNumber = (moment) => Math.floor((moment.getTime() + 8 * 60 * 60 * 1000) / DAY);

/** Words for a Date, e.g. "10:21", "昨天 10:21". */
export function moment(at, now = new Date()) {
  const clock = CLOCK.format(at);
  const days = dayNumber(now) - dayNumber(at);
  if (days === 0) return clock;
  if (days === 1) return `昨天 ${clock}`;
  if (days > 1 && days < 7) return `${WEEKDAY.format(at)} ${clock}`;
  return `${DATE.format(at)} ${clock}`;
}
