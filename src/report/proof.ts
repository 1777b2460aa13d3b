// A proof as text: the statement, each key, what holds it and what removes that.
// The same as JSON is the proof itself; deciding is left to findings.
import type { Place, Proof, ProofOutcome, ProvenKey } from "../model/index.js";
import { palette, type Palette } from "./colour.js";
import { neutral } from "./neutral.js";

const headlines = {
  gone: "GONE",
  held: "STILL HELD",
  "not-shown": "NOT SHOWN",
} as const satisfies Record<ProofOutcome, string>;

/** How many places of a key are listed before the rest is counted. */
const placesShown = 20;

/** Writes a proof for people. */
export function proofText(proof: Proof, options: { readonly colour: boolean }): string {
  const paint = palette(options.colour);
  const { state, tool, coverage } = proof;
  return [
    ...proof.keys.flatMap((key) => [...keyLines(key, paint), ""]),
    ...section("Could not be looked at:", proof.obstacles, paint),
    `Statement: ${outcome(proof.statement, paint)} — ${sentence(proof)}`,
    `  repository  ${neutral(state.repository)}`,
    ...state.worktrees
      .filter((worktree) => worktree !== state.repository)
      .map((worktree) => `  worktree    ${neutral(worktree)}`),
    `  HEAD        ${state.head ?? "no commit yet"}`,
    `  refs        ${state.refs.count}, sha256 ${state.refs.digest}`,
    `  looked at   ${coverage.objects} git objects, ${coverage.files} files, ${coverage.bytes} bytes`,
    `  by          ${tool.name} ${tool.version}, rules ${tool.ruleset.slice(0, 16)}`,
    `  on          ${proof.date}`,
    ...proof.limits.map((limit) => paint.faint(`  ${limit}`)),
    "",
  ].join("\n");
}

function sentence({ statement, keys }: Proof): string {
  const count = keys.length === 1 ? "the key" : `all ${keys.length} keys`;
  const held = keys.filter((key) => key.outcome === "held").length;
  switch (statement) {
    case "gone":
      return `${count} ${keys.length === 1 ? "is" : "are"} in nothing that this repository and its worktrees hold.`;
    case "held":
      return keys.length === 1 ? "see above." : `${held} of ${keys.length} keys, see above.`;
    case "not-shown":
      return "nothing was found, but that is no proof: see above.";
  }
}

function keyLines(key: ProvenKey, paint: Palette): string[] {
  const name =
    key.masked === null ? key.fingerprint : `${paint.key(neutral(key.masked))}  ${key.fingerprint}`;
  const more = key.places.length - placesShown;
  return [
    `${outcome(key.outcome, paint)}  ${name}`,
    `  ${key.reason}`,
    ...key.places.slice(0, placesShown).map((place) => `  - ${placeLine(place, paint)}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    ...(key.steps.length > 0 ? ["  What removes it, in this order:"] : []),
    ...key.steps.flatMap(({ text, command }, index) => [
      `  ${index + 1}. ${neutral(text)}`,
      ...(command === undefined ? [] : [`     ${paint.command(neutral(command))}`]),
    ]),
  ];
}

function placeLine(place: Place, paint: Palette): string {
  const { kind, path, line, commit, refs, object, worktree, exposure } = place;
  return [
    exposure === "unreachable" ? "unreachable" : kind,
    ...(path === null ? [] : [paint.path(`${neutral(path)}${line === null ? "" : `:${line}`}`)]),
    ...(commit === null ? [] : [paint.commit(commit.slice(0, 12))]),
    ...(commit === null && object !== null ? [`object ${object.slice(0, 12)}`] : []),
    ...(refs.length === 0 ? [] : [`(${refs.map(neutral).join(", ")})`]),
    ...(worktree === null ? [] : [`in ${neutral(worktree)}`]),
  ].join("  ");
}

function section(title: string, lines: readonly string[], paint: Palette): string[] {
  if (lines.length === 0) return [];
  return [paint.warning(title), ...lines.map((line) => `  - ${neutral(line)}`), ""];
}

function outcome(value: ProofOutcome, paint: Palette): string {
  return value === "gone" ? paint.good(headlines[value]) : paint.bad(headlines[value]);
}
