// Keeps keys out of text that a repository's authors wrote: a path, a ref or a name can hold one.
// Masking the key itself is left to Secret.
import { maskKey, type Secret } from "../model/index.js";

/** No report shows this many characters in a row of a key's random part. */
const longestShown = 7;
const gramLength = longestShown + 1;

/** Turns text that may hold keys into text that does not. */
export type Redactor = (text: string) => string;

/**
 * Makes a redactor for the keys of one report. Whole keys become their masks; what is left of any
 * stretch of eight or more characters of a key's random part (a key broken over two folders, or
 * without its prefix), also of its base64 and hexadecimal forms, becomes `****`.
 * @param secrets the keys that the report is about
 */
export function redactorFor(secrets: readonly Secret[]): Redactor {
  const grams = new Set<string>();
  for (const secret of secrets) {
    const key = secret.reveal();
    for (const form of [randomPart(key), ...encodedForms(key)]) {
      for (let at = 0; at + gramLength <= form.length; at += 1) {
        grams.add(form.slice(at, at + gramLength));
      }
    }
  }
  if (grams.size === 0) return (text) => text;
  const longestFirst = [...new Set(secrets.map((secret) => secret.reveal()))].sort(
    (a, b) => b.length - a.length,
  );
  return (text) => {
    if (text.length < gramLength || !holdsGram(text, grams)) return text;
    let masked = text;
    for (const key of longestFirst) masked = masked.replaceAll(key, maskKey(key));
    return maskGrams(masked, grams);
  };
}

/** Fields that no author of a repository writes: ids and digests may hold a stretch by chance. */
const writtenByUs = new Set(["fingerprint", "masked", "commit", "object", "digest", "head", "url"]);

/** The same data with every text in it, at any depth, put through the redactor. */
export function redactAll<Data>(data: Data, redact: Redactor): Data {
  const cleared = (value: unknown, name: string): unknown => {
    if (typeof value === "string") return writtenByUs.has(name) ? value : redact(value);
    if (Array.isArray(value)) return value.map((each) => cleared(each, name));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([field, each]) => [field, cleared(each, field)]),
    );
  };
  return cleared(data, "") as Data;
}

/** What of a key is secret: without the prefix that tells its kind. */
function randomPart(key: string): string {
  return key.replace(/^sk-(?:ws-|sp-)?/u, "");
}

/** What of a key's encoded text tells its random part and nothing of what stands around it. */
function encodedForms(key: string): readonly string[] {
  const body = randomPart(key);
  const prefixBytes = key.length - body.length;
  const hex = Buffer.from(body, "latin1").toString("hex");
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.from(" ".repeat(before) + key, "latin1").toString("base64");
    const from = Math.ceil(((before + prefixBytes) * 4) / 3);
    return text.slice(from, Math.floor(((before + key.length) * 4) / 3));
  });
  const forUrls = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [hex, hex.toUpperCase(), ...base64, ...forUrls];
}

function holdsGram(text: string, grams: ReadonlySet<string>): boolean {
  for (let at = 0; at + gramLength <= text.length; at += 1) {
    if (grams.has(text.slice(at, at + gramLength))) return true;
  }
  return false;
}

function maskGrams(text: string, grams: ReadonlySet<string>): string {
  let result = "";
  let at = 0;
  while (at < text.length) {
    let end = at;
    while (end + gramLength <= text.length && grams.has(text.slice(end, end + gramLength))) {
      end += 1;
    }
    if (end === at) {
      result += text.charAt(at);
      at += 1;
    } else {
      result += "****";
      at = end + longestShown;
    }
  }
  return result;
}
