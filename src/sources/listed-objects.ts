// Objects that a hook lists by id, as documents with the origin that the hook knows for each.
// Which objects those are is left to staged and outgoing, talking to git to cat-file.
import type { Notice, Origin, Repository, SourceItem } from "../model/index.js";
import { catFile, type CatFileOptions } from "./cat-file.js";

/** An object's id and where its bytes are to be told to come from; null for the object itself. */
export type ListedObject = readonly [oid: string, origin: Origin | null];

/**
 * Gives the listed objects, in that order; one that is listed twice is given twice. What git cannot
 * give is a notice that makes the run incomplete.
 * @param wanted refuses documents that need not be looked at more closely; they still count
 */
export async function* listedObjects(
  repository: Pick<Repository, "gitDirectory">,
  objects: Iterable<ListedObject> | AsyncIterable<ListedObject>,
  { wanted = () => true, ...options }: Partial<CatFileOptions> = {},
): AsyncGenerator<SourceItem> {
  const origins = new Map<string, Origin[]>();
  async function* oids(): AsyncGenerator<string> {
    for await (const [oid, origin] of objects) {
      if (origin !== null) origins.set(oid, [...(origins.get(oid) ?? []), origin]);
      yield oid;
    }
  }
  for await (const answer of catFile(repository, oids(), { wanted, ...options })) {
    switch (answer.kind) {
      case "piece": {
        const { oid, type, bytes, first, last } = answer;
        const known = origins.get(oid);
        const origin = known?.[0] ?? { kind: "object", type, oid };
        // The next answer for this id belongs to the next path.
        if (last) known?.shift();
        yield { kind: "chunk", origin, bytes, first, last };
        break;
      }
      case "seen":
        yield { kind: "progress", objects: answer.objects, bytes: answer.bytes };
        break;
      case "missing":
        yield lost(answer.oid, "missing-object", "is not in this repository");
        break;
      case "died":
        yield lost(answer.oid, "corrupt-object", `cannot be read by git (${answer.stderr})`);
    }
  }
}

function lost(oid: string, code: Notice["code"], what: string): Notice {
  const message = `Object ${oid} ${what}, so it was not looked at.`;
  return { kind: "notice", code, message, subject: oid, incomplete: true };
}
