/*
 * Makes a scene fit its screen: letters shrink in small steps to the smallest that the last row can read; after that the
 * scene gives up its lesser parts one by one. The name of a team is never cut.
 */
const SMALLEST = 0.3;
const GIVES = ["give-1", "give-2", "give-3", "give-4"];

function overflows(scene) {
  const room = scene.querySelector(".bv-stage-fit");
  const parts = [...room.querySelectorAll("*")];
  return (
    room.scrollHeight > room.clientHeight + 1 ||
    room.scrollWidth > room.clientWidth + 1 ||
    parts.some((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0 && !part.closest("svg"))
  );
}

export function fit(scene) {
  scene.classList.remove(...GIVES);
  scene.style.setProperty("--k", "1");
  for (const give of ["", ...GIVES]) {
    if (give) scene.classList.add(give);
    for (let size = 1; size >= SMALLEST; size -= 0.05) {
      scene.style.setProperty("--k", size.toFixed(2));
      if (!overflows(scene)) return;
    }
  }
}
