// The names of refs as documents: a branch can be called after a key.
// What the refs point at is left to history and attribution.
import type { Repository, SourceItem, SourceOptions } from "../model/source.js";
import { gitText } from "./git.js";
import { searchFor } from "./kernel/kernel-search.js";

/** Names of all refs, those of linked worktrees included, in which a witness occurs. */
export async function* refNames(
  repository: Pick<Repository, "gitDirectory" | "commonDirectory" | "worktrees">,
  { witnesses }: SourceOptions,
): AsyncGenerator<SourceItem> {
  const search = searchFor(witnesses);
  const names = new Set<string>();
  const directories = [
    repository.commonDirectory,
    repository.gitDirectory,
    ...repository.worktrees.map(({ gitDirectory }) => gitDirectory),
  ];
  for (const directory of new Set(directories)) {
    const listing = await gitText(directory, ["for-each-ref", "--format=%(refname)"]);
    for (const name of listing.split("\n")) if (name !== "") names.add(name);
    // HEAD can name a branch that is not born yet.
    const head = await gitText(directory, ["symbolic-ref", "-q", "HEAD"], {
      allowStatus: [0, 1, 128],
    });
    if (head !== "") names.add(head);
  }
  for (const ref of names) {
    const bytes = Buffer.from(ref);
    if (!search(bytes)) continue;
    yield { kind: "chunk", origin: { kind: "ref-name", ref }, bytes, first: true, last: true };
  }
  yield { kind: "progress", refs: names.size };
}
