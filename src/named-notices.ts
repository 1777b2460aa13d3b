// What the engine says of a document -> the same with the document's name, by which people find it.
// Which paths git has an object at is left to attribution.
import { compareText, type Notice, type Origin } from "./model/index.js";
import type { Detected } from "./detect.js";
import type { Attributed } from "./sources/attribution.js";

/** Of an object that lies at many paths, so many are told. */
const mostPaths = 3;

/**
 * Names the document in the message and as the subject.
 * @param repository the repository's name, when several are scanned
 */
export function namedNotices(
  notices: readonly Notice[],
  { origins }: Detected,
  { carriers }: Attributed,
  repository: string | null,
): readonly Notice[] {
  const pathsOf = new Map<string, Set<string>>();
  for (const { object, path } of carriers) {
    if (path === null) continue;
    const known = pathsOf.get(object);
    if (known) known.add(path);
    else pathsOf.set(object, new Set([path]));
  }
  const before = repository === null ? "" : `${repository}/`;
  return notices.map((notice) => {
    const origin = origins.get(notice);
    if (origin === undefined) return notice;
    if (origin.kind !== "object") {
      const name = nameOf(origin);
      const subject = origin.kind === "stdin" ? name : before + name;
      return { ...notice, subject, message: `${subject}: ${notice.message}` };
    }
    const paths = [...(pathsOf.get(origin.oid) ?? [])].sort(compareText);
    const [path] = paths;
    const object = `git object ${origin.oid}`;
    const where =
      path === undefined ? `${before}${object}` : `${before}${shown(paths)} (${object})`;
    return {
      ...notice,
      subject: path === undefined ? object : before + path,
      message: `${where}: ${notice.message}`,
    };
  });
}

function shown(paths: readonly string[]): string {
  const more = paths.length - mostPaths;
  const named = paths.slice(0, mostPaths).join(", ");
  return more > 0 ? `${named} and ${more} more` : named;
}

function nameOf(origin: Exclude<Origin, { readonly kind: "object" }>): string {
  switch (origin.kind) {
    case "stdin":
      return "standard input";
    case "ref-name":
      return origin.ref;
    default:
      return origin.path;
  }
}
