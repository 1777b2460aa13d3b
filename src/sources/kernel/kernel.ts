// The WebAssembly kernel of the fast readers: loads it, lays out its memory, names its functions.
// What is inflated and scanned is left to packs/ and to the file reader.
import { readFileSync } from "node:fs";
import { packageFile } from "../../package/package-files.js";
import type { WitnessTables } from "./witness-tables.js";

/** The part of the WebAssembly interface that is used; Node's types do not describe it. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => KernelModule;
  readonly Instance: new (
    module: KernelModule,
    imports: object,
  ) => { readonly exports: KernelExports };
}

/** A compiled kernel; can be sent to a worker, which then need not compile it again. */
export type KernelModule = object;

/** See assembly/index.ts and the files it names. Addresses and lengths are in bytes. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly windowBits: { readonly value: number };
  freeMemory(): number;
  reserve(end: number): number;
  useContext(bytes: number): void;
  useWitnessRows(at: number, sets: number): void;
  useStack(at: number, objectLimit: number, heightLimit: number): void;
  inflate(from: number, length: number, to: number, room: number): number;
  inflateRaw(from: number, length: number, to: number, room: number): number;
  inflated(): number;
  inflatedUpTo(): number;
  scan(start: number, end: number): number;
  firstWitness(from: number, end: number): number;
  scanTree(start: number, end: number): number;
  useIdBytes(bytes: number): void;
  walk(entries: number, from: number, to: number): number;
  stackTop(level: number): number;
  contentAddress(): number;
  contentLength(): number;
  takeExpandedBytes(): number;
  /** Entries so far that were to be counted, and those of all that could not be expanded. */
  objects(): number;
  failures(): number;
}

/** What a thread needs to set up its own kernel. */
export interface KernelProgram {
  readonly module: KernelModule;
  readonly tables: WitnessTables;
  /** Bytes kept at each end of a copy in a sketch: the longest witness less one. */
  readonly contextBytes: number;
  /** Length of an object id: 20 for SHA-1, 32 for SHA-256. */
  readonly idBytes: number;
}

/** Words of one entry of `walk`; see assembly/walk.ts. */
export const entryWords = { input: 0, length: 1, size: 2, level: 3, flags: 4, outcome: 5 } as const;
export const wordsPerEntry = 6;
export const entryFlags = { delta: 1, base: 2, last: 4, tree: 8, counted: 16 } as const;
export const outcomes = { clean: 0, flagged: 1, broken: 2, tooLarge: 3 } as const;
export const inflateResults = { whole: 0, broken: 1, full: 2 } as const;

/** Entries and compressed bytes that are handed to the kernel at a time. */
export const entriesAtATime = 8192;
export const inputBytes = 2 << 20;
/** Readable and writable bytes that have to lie behind every buffer. */
export const slackBytes = 128;

/** Larger objects are not held in the kernel's memory. */
export const largestObjectBytes = 48 << 20;
/** Contents of an object, its bases and its input, all together. */
const stackBytes = 224 << 20;

export interface Kernel {
  readonly exports: KernelExports;
  /** Where entries, compressed bytes and contents lie. */
  readonly entries: number;
  readonly input: number;
  readonly stack: number;
  /** The memory as it is now: it moves when it grows, so that no view may be kept. */
  bytes(): Uint8Array;
  words(): Uint32Array;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };

let compiled: KernelModule | undefined;

/** Reads and compiles the kernel, which the build has put below dist; once. */
export function compileKernel(): KernelModule {
  return (compiled ??= new WebAssembly.Module(
    readFileSync(packageFile("dist/sources/kernel/kernel.wasm")),
  ));
}

export function startKernel(program: KernelProgram): Kernel {
  const { exports } = new WebAssembly.Instance(program.module, { env: { abort } });
  const aligned = (address: number): number => Math.ceil(address / 64) * 64;
  const rows = exports.freeMemory();
  const entries = aligned(rows + program.tables.rows.length);
  const input = aligned(entries + entriesAtATime * wordsPerEntry * 4);
  const stack = aligned(input + inputBytes + slackBytes);
  if (exports.reserve(stack + slackBytes) === 0) throw new Error("no memory for the kernel");
  let bytes = new Uint8Array(exports.memory.buffer);
  let words = new Uint32Array(exports.memory.buffer);
  bytes.set(program.tables.windows, exports.windowBits.value);
  bytes.set(program.tables.rows, rows);
  exports.useIdBytes(program.idBytes);
  exports.useWitnessRows(rows, program.tables.sets);
  exports.useContext(program.contextBytes);
  exports.useStack(stack, largestObjectBytes, stackBytes);
  const renew = (): void => {
    if (bytes.buffer === exports.memory.buffer) return;
    bytes = new Uint8Array(exports.memory.buffer);
    words = new Uint32Array(exports.memory.buffer);
  };
  return {
    exports,
    entries,
    input,
    stack: aligned(stack + 2 * slackBytes),
    bytes: () => {
      renew();
      return bytes;
    },
    words: () => {
      renew();
      return words;
    },
  };
}

function abort(): never {
  throw new Error("the kernel gave up");
}
