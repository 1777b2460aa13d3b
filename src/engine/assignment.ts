// The name a key is assigned to, as written, and whether the key stands where a name belongs.
// Which names mean which provider is left to context.ts.
import type { Document, Range } from "./document.js";
import { lineAround, lineBefore } from "./surroundings.js";

export interface Assignment {
  readonly variable: string | null;
  /** As in `os.getenv("sk-…")`. */
  readonly usedAsName: boolean;
}

const nobody: Assignment = { variable: null, usedAsName: false };

/** What may stand between a name and its value, right before the value. */
const opening = /(?:\bBearer\s+|(?:\b[fbru]{1,2}|[@$])(?=["'])|\\{0,3}["'`]|\s)+$/iu;

const readsEnvironment =
  /(?:getenv|lookupenv|environ(?:\.get)?|\benv(?:::var|\.get|\.fetch)?|GetEnvironmentVariable)\s*[[(]\s*\\?["'`]$/iu;
const shellReference = /\$\{?$/u;

/** Patterns on the text before the value, its opening quote cut off; the first that fits names it. */
const namings: readonly RegExp[] = [
  // os.getenv("K", "v"), setProperty("K", "v"), SetEnvironmentVariable("K","v")
  /\(\s*\\?["'`]([\w.-]+)\\?["'`]\s*,$/u,
  // os.getenv("K") or "v", process.env["K"] ?? "v", os.environ["K"] = "v"
  /[[(]\s*\\?["'`]([\w.-]+)\\?["'`]\s*[\])]\s*(?:or|\|\||\?\?|\?:|:?=)$/u,
  // $env:K = "v"
  /\$env:(\w+)\s*=$/iu,
  // process.env.K || "v"
  /\benv\.(\w+)\s*(?:\|\||\?\?)$/u,
  // {"key": "K", "value": "v"}, <add key="K" value="v"/>, <entry key="K">v
  /["']?(?:key|name)["']?\s*[:=]\s*\\?["']([\w.-]+)\\?["'][,\s]+["']?value["']?\s*[:=]$/u,
  /\b(?:key|name)=["']([\w.-]+)["'][^<>]{0,40}>$/u,
  // setx K "v", #define K "v", Dockerfile's ENV K v, git config k v
  /\b(?:setx(?:\s+\/m)?|define|ENV|config(?:\s+--\w+)?|const)\s+["']?([\w.-]+)["']?$/iu,
  // --api-key v, --api-key=v
  /(?:^|\s)(--?[A-Za-z][\w-]*)=?$/u,
  // .apiKey("v"), setApiKey("v")
  /(\w*(?:key|token|secret|auth|credential|password)\w*)\s*\($/iu,
  // <apiKey>v
  /<((?:\w[\w.:-]*)?(?:key|token|secret|password)[\w.:-]*)(?:\s[^<>]{0,80})?>$/iu,
  // K=v, K: v, "K": "v", K := "v", const K: &str = "v", $env:K = "v", "K" => "v"
  /([A-Za-z_$][\w.$-]*)\\?["'`]?\]?(?:\s*:\s*[\w&'<>[\].?]{1,40})?\s*(?::=|=>|\|\|=|\?\?=|=|:)$/u,
];

/** What a key's line (or the line before, when the value stands alone on its own) calls it. */
export function assignmentOf(document: Document, key: Range): Assignment {
  const text = document.text();
  const line = lineAround(text, key);
  let before = text.slice(line.from, key.from);
  if (readsEnvironment.test(before) || shellReference.test(before)) {
    return { variable: null, usedAsName: true };
  }
  before = withoutOpening(before);
  const previous = lineBefore(text, key.from);
  const lineAbove = previous === null ? "" : text.slice(previous.from, previous.to);
  if (/^[\s/#*>|(-]*$/u.test(before)) before = withoutOpening(`${lineAbove} `);
  const name = namings
    .map((naming) => naming.exec(before)?.[1])
    .find((found) => found !== undefined);
  if (name === undefined || /^(?:proxy-)?authorization$/iu.test(name)) return nobody;
  if (/^value$/iu.test(name)) {
    // Kubernetes: `- name: K` and `value: v` on two lines.
    const above = /\b(?:name|key)["']?\s*:\s*["']?([\w.-]+)/u.exec(lineAbove)?.[1];
    if (above !== undefined) return { variable: above, usedAsName: false };
  }
  return { variable: name, usedAsName: false };
}

function withoutOpening(before: string): string {
  return before.replace(opening, "").trimEnd();
}
