// The list: follow an account to get a phone, check that the gateway answers for it, begin a drill.

import { moment } from "./moments.js";

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.json();
}

async function follow(account) {
  const { openid } = await post("/phones", { account });
  await post(`/phones/${openid}/events`, { type: "subscribe" });
  location.href = `/phone/${openid}`;
}

async function check(account, button) {
  button.textContent = "正在检查…";
  const { verified } = await post(`/accounts/${account}/verification`, {});
  button.textContent = verified ? "接入正常" : "接不通，点这里再试";
  button.classList.toggle("good", verified);
  button.classList.toggle("bad", !verified);
}

for (const row of document.querySelectorAll("[data-account]")) {
  const { account } = row.dataset;
  row.querySelector(".follow").addEventListener("click", () => follow(account));
  const button = row.querySelector(".check");
  button.addEventListener("click", () => check(account, button));
}
for (const row of document.querySelectorAll("[data-drill]")) {
  row.querySelector("button").addEventListener("click", async () => {
    const { id } = await post("/drills", { drill: row.dataset.drill });
    location.href = `/drill/${id}`;
  });
}
for (const time of document.querySelectorAll("time")) time.textContent = moment(new Date(time.dateTime));
