// Small decoders for JSON of unknown origin: each gives a typed value or says where it is wrong.
// What a report looks like is left to parse.
import { UserError } from "../model/index.js";

/** A JSON value and where it stands, as a JSON pointer (RFC 6901) within a named document. */
interface Located {
  readonly value: unknown;
  readonly pointer: string;
  /** The document's name, for messages. */
  readonly document: string;
}

export type Decoder<T> = (at: Located) => T;

/** The error for a value that is not what it should be; shows the place and never the value. */
function wrong(at: Located, expected: string): UserError {
  const place = at.pointer === "" ? "the top" : at.pointer;
  return new UserError(
    `${at.document} is not a dashleaks report that can be read: ${expected} is expected at ${place}.`,
    "Give a file written with --format json.",
  );
}

export const text: Decoder<string> = (at) => {
  if (typeof at.value !== "string") throw wrong(at, "a string");
  return at.value;
};

export const flag: Decoder<boolean> = (at) => {
  if (typeof at.value !== "boolean") throw wrong(at, "true or false");
  return at.value;
};

/** A whole number, zero or more. */
export const count: Decoder<number> = (at) => {
  if (typeof at.value !== "number" || !Number.isSafeInteger(at.value) || at.value < 0) {
    throw wrong(at, "a whole number");
  }
  return at.value;
};

export function oneOf<T extends string>(choices: readonly T[]): Decoder<T> {
  return (at) => {
    const found = choices.find((choice) => choice === at.value);
    if (found === undefined) throw wrong(at, `one of ${choices.join(", ")}`);
    return found;
  };
}

export function matching(pattern: RegExp, expected: string): Decoder<string> {
  return (at) => {
    const value = text(at);
    if (!pattern.test(value)) throw wrong(at, expected);
    return value;
  };
}

export function nullable<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (at) => (at.value === null ? null : decoder(at));
}

/** A field that came later than the first reports: they read as if it were null. */
export function orNull<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (at) => (at.value === undefined || at.value === null ? null : decoder(at));
}

export function list<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (at) => {
    if (!Array.isArray(at.value)) throw wrong(at, "an array");
    return at.value.map((value, index) => decoder(step(at, value, String(index))));
  };
}

export function nonEmptyList<T>(decoder: Decoder<T>): Decoder<readonly [T, ...T[]]> {
  return (at) => {
    const [first, ...rest] = list(decoder)(at);
    if (first === undefined) throw wrong(at, "at least one entry");
    return [first, ...rest];
  };
}

/** Reads the fields of an object; the fields it is not asked for are passed over. */
export function object<T>(
  read: (field: <V>(name: string, decoder: Decoder<V>) => V) => T,
): Decoder<T> {
  return (at) => {
    const { value } = at;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw wrong(at, "an object");
    }
    const fields = new Map(Object.entries(value));
    return read((name, decoder) => decoder(step(at, fields.get(name), name)));
  };
}

function step(at: Located, value: unknown, name: string): Located {
  const token = name.replaceAll("~", "~0").replaceAll("/", "~1");
  return { value, pointer: `${at.pointer}/${token}`, document: at.document };
}
