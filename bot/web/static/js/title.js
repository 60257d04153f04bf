// The only writer of the page's title: how many urgent ones wait, a blink while nobody looks, nothing while covered.
const OWN = document.title.replace(/^\(\d+\) /, "");
const COVERED = "新标签页";
const CALLING = "有紧急会话在等";
const BLINK_MS = 1000;

let urgent = 0;
let covered = false;
let lit = false;

function write() {
  const own = urgent ? `(${urgent}) ${OWN}` : OWN;
  const title = covered ? COVERED : lit ? CALLING : own;
  if (document.title !== title) document.title = title;
}

export function countUrgent(number) {
  urgent = number;
  write();
}

export function coverTitle(on) {
  covered = on;
  write();
}

setInterval(() => {
  lit = urgent > 0 && !lit && !document.hasFocus();
  write();
}, BLINK_MS);
