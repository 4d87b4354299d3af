/*
 * The running order as cues: what one press of the space bar shows. Pure; the operator's screen drives it and the
 * browser test reads it. A cue names winners only when its kind is "reveal".
 */
export function cuesOf(steps) {
  return steps.flatMap((step) => {
    if (step.kind !== "award") return [{ kind: step.kind, step }];
    const reveals = step.beats.map((winners) => ({ kind: "reveal", step, winners }));
    return [{ kind: "announce", step }, ...(reveals.length ? reveals : [{ kind: "nobody", step }])];
  });
}

/* What the projector is told of an award: never its winners before they are named. */
export function aboutAward(step) {
  return { name: step.name, track: step.track, sponsor: step.sponsor, presenter: step.presenter };
}

/* What stands on the projector for a cue, and for the moments before a name. */
export function screenOf(cue, { drum = false } = {}) {
  if (!cue) return { kind: "blank" };
  if (cue.kind !== "reveal") return { kind: cue.kind, ...(cue.step.kind === "award" ? { award: aboutAward(cue.step) } : {}) };
  if (drum) return { kind: "drum", award: aboutAward(cue.step) };
  const winners = cue.winners.map(({ reading, ...shown }) => shown);
  return { kind: "reveal", award: aboutAward(cue.step), winners };
}

/* A picture as it came (a data address) as a blob: no address of it ever names anything. */
export function blobOf(address) {
  if (!address) return null;
  const [head, body] = address.split(",", 2);
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5).split(";")[0] });
}
