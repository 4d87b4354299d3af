/* Hides table rows that lack a typed word. Letters match with or without their marks: "duong" finds "Đường". */
const fold = (text) =>
  text.toLocaleLowerCase("vi").replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

export function start(box) {
  const input = box.querySelector("input");
  const none = box.querySelector("[data-filter-none]");
  let rows = [];
  let texts = [];
  const read = () => {
    const table = document.getElementById(box.dataset.filter);
    rows = table ? [...table.tBodies].flatMap((body) => [...body.rows]) : [];
    texts = rows.map((row) => fold(row.textContent));
  };
  const choose = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    const shown = texts.map((text) => words.every((word) => text.includes(word)));
    rows.forEach((row, index) => (row.hidden = !shown[index]));
    none.textContent = shown.includes(true) ? "" : box.dataset.textNone;
  };
  read();
  if (!rows.length) return;
  box.hidden = false;
  input.addEventListener("input", choose);
  document.addEventListener("bv:fresh", () => {
    read();
    choose();
  });
}
