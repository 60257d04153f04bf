// A picture to send: chosen or pasted into the reply, looked at, and only then sent. It is drawn here, so that no page may
// load from elsewhere.
const WIDEST = 320;
const TALLEST = 200;
const TAKEN = ["image/jpeg", "image/png"];
const box = () => document.querySelector("#picture");

function sizeWords(bytes) {
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function trouble(form, words) {
  form.querySelector("[data-trouble]").textContent = words;
}

function put(form, file, bitmap) {
  const canvas = form.querySelector("canvas");
  const scale = Math.min(1, WIDEST / bitmap.width, TALLEST / bitmap.height);
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  form.querySelector("[data-about]").textContent = `${bitmap.width}×${bitmap.height}，${sizeWords(file.size)}`;
  form.querySelector("[data-preview]").hidden = false;
  form.querySelector("[data-preview] .primary").focus();
}

async function show(form, file) {
  form.querySelector("[data-preview]").hidden = true;
  trouble(form, "");
  if (!file) return;
  const isChosen = () => form.querySelector("input[type=file]").files[0] === file; // not another one meanwhile
  try {
    if (!TAKEN.includes(file.type)) throw new Error("这不是 JPG 或 PNG 图片，微信不收。");
    if (file.size > Number(form.dataset.most)) throw new Error("图片超过 2 MB，请换一张小一点的。");
    const bitmap = await createImageBitmap(file).catch(() => {
      throw new Error("这张图片打不开，请换一张。");
    });
    if (isChosen()) put(form, file, bitmap);
  } catch (error) {
    if (!isChosen()) return;
    form.reset();
    trouble(form, error.message);
  }
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-choose-picture]")) box().querySelector("input[type=file]").click();
});

document.addEventListener("change", ({ target }) => {
  if (target.form === box() && target.type === "file") show(target.form, target.files[0]);
});

document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
  if (!file || !event.target.closest("#reply")) return;
  event.preventDefault();
  const given = new DataTransfer();
  given.items.add(file);
  const input = box().querySelector("input[type=file]");
  input.files = given.files;
  show(box(), input.files[0]);
});

document.addEventListener("reset", ({ target }) => {
  if (target !== box()) return;
  target.querySelector("[data-preview]").hidden = true;
  document.querySelector("#reply textarea")?.focus();
});
