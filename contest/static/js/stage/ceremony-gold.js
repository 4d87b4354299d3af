/* A few seconds of falling gold leaf when a name is told. Nothing falls for who asked for less motion. */
const LEAVES = 150;
const LASTS_MS = 5200;

export function goldLeaf(canvas) {
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const pen = canvas.getContext("2d");
  const begun = performance.now();
  const wide = (canvas.width = window.innerWidth);
  const high = (canvas.height = window.innerHeight);
  const leaves = Array.from({ length: LEAVES }, () => ({
    x: Math.random() * wide, y: -Math.random() * high, size: 5 + Math.random() * 9, fall: 0.12 + Math.random() * 0.22,
    sway: Math.random() * 6.3, turn: Math.random() * 6.3, tone: ["#e9bf5c", "#fff0c2", "#c8922c", "#d2464c"][Math.floor(Math.random() * 4)],
  }));
  canvas.dataset.turn = String(begun);
  const draw = (now) => {
    pen.clearRect(0, 0, wide, high);
    if (now - begun > LASTS_MS || canvas.dataset.turn !== String(begun)) return;
    pen.globalAlpha = Math.min(1, (LASTS_MS - (now - begun)) / 1200);
    for (const leaf of leaves) {
      const age = now - begun;
      pen.save();
      pen.translate(leaf.x + Math.sin(age / 600 + leaf.sway) * 24, leaf.y + age * leaf.fall * (high / 700));
      pen.rotate(leaf.turn + age / 400);
      pen.scale(1, Math.cos(age / 180 + leaf.turn));
      pen.fillStyle = leaf.tone;
      pen.fillRect(-leaf.size / 2, -leaf.size / 2, leaf.size, leaf.size);
      pen.restore();
    }
    window.requestAnimationFrame(draw);
  };
  window.requestAnimationFrame(draw);
}

export function noGold(canvas) {
  delete canvas.dataset.turn;
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
}
