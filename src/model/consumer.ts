// Places that use the variable of a key, and which of them are told first.
// Finding them is left to sources (consumers), what is done about them to findings (advice).
import { compareText } from "./compare-text.js";

/** Where a variable that held the key is used, so that a reset does not break production. */
export interface Consumer {
  readonly path: string;
  readonly line: number;
  readonly variable: string;
  readonly what: string;
}

/** Sorts of places, what breaks first at the top. Whatever is none of these comes last. */
export const consumerKinds = [
  "GitHub workflow",
  "GitHub action",
  "CI pipeline",
  "compose file",
  "Helm chart",
  "Kubernetes manifest",
  "container build",
  "Terraform",
  "Ansible playbook",
  "service definition",
  "environment file",
  "shell script",
  "notebook",
  "configuration",
  "code",
  "documentation",
] as const;
export type ConsumerKind = (typeof consumerKinds)[number];

/** Each once, what breaks first at the top, then by path and line: the same however they were joined. */
export function orderedConsumers(consumers: readonly Consumer[]): readonly Consumer[] {
  const nameOf = ({ path, line, variable, what }: Consumer): string =>
    JSON.stringify([path, line, variable, what]);
  const distinct = new Map(consumers.map((consumer) => [nameOf(consumer), consumer]));
  return [...distinct.values()].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      compareText(a.path, b.path) ||
      a.line - b.line ||
      compareText(a.variable, b.variable),
  );
}

function rankOf({ what }: Consumer): number {
  const rank = consumerKinds.findIndex((kind) => kind === what);
  return rank < 0 ? consumerKinds.length : rank;
}
