// The engine: bytes in, matches out; pure, synchronous, in bounded memory.
// Reading bytes is left to sources, rules to ruleset, grouping matches by key to findings.
import type { Match } from "../model/match.js";
import type { Notice } from "../model/notice.js";
import type { Origin } from "../model/origin.js";
import type { Ruleset } from "../model/rule.js";
import { decodedWitnesses } from "./decoded-witnesses.js";
import { limitReached } from "./decoders/budget.js";
import { createDecoders } from "./decoders/index.js";
import { deriveTextWitnesses, type TextWitnesses } from "./decoders/text-witnesses.js";
import { containerHead, isContainer } from "./decoders/magics.js";
import { rootDocument } from "./document.js";
import { lineCursor } from "./lines.js";
import { toMatches } from "./matches.js";
import { noQuickLook, type QuickLook } from "./quick-look.js";
import { createDocumentScanner } from "./scan-document.js";
import { utf16Decoder } from "./utf16.js";
import {
  windowCollector,
  windowsOf,
  windowSizes,
  type Window,
  type WindowSizes,
} from "./windows.js";

export interface EngineResult {
  readonly matches: readonly Match[];
  readonly notices: readonly Notice[];
}

/** A document that arrives in pieces. */
export interface OpenDocument {
  /** The next piece; its bytes may be reused afterwards. */
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => EngineResult;
}

export interface Engine {
  /** All keys in a document that is in memory. */
  readonly scan: (origin: Origin, bytes: Uint8Array) => EngineResult;
  /** The same for a document that arrives in pieces: the result does not depend on the cuts. */
  readonly open: (origin: Origin) => OpenDocument;
}

export interface EngineOptions {
  /** Look into encoded and packed text too; true by default. UTF-16 is always read. */
  readonly decode?: boolean;
  /** Words besides `dashleaks:allow` that allow a key inline. */
  readonly allowWords?: readonly string[];
  /** What decoders of text look for, when it is at hand already; else it is derived. */
  readonly textWitnesses?: () => TextWitnesses | null;
  /** A search that tells what cannot hold a key; asked for when there is something to look at. */
  readonly quickLook?: () => QuickLook;
  /** Other windows than the usual, for tests of what happens at their edges. */
  readonly windows?: WindowSizes;
}

/** Containers are read as a whole, up to this size: what they hold cannot be told from a part. */
const containerBytes = 128 * 1024 * 1024;

/** Makes a ruleset ready to be run over any number of documents, one after another. */
export function createEngine(ruleset: Ruleset, options: EngineOptions = {}): Engine {
  const { decode = true, allowWords = [], windows = windowSizes } = options;
  const { quickLook = () => noQuickLook } = options;
  const textWitnesses = (): TextWitnesses =>
    options.textWitnesses?.() ?? deriveTextWitnesses(decodedWitnesses(ruleset.rules));
  const scanDocument = createDocumentScanner(
    ruleset,
    [utf16Decoder, ...(decode ? createDecoders(textWitnesses, quickLook) : [])],
    (bytes) => quickLook().mayHold(bytes),
  );

  const documentReader = (
    origin: Origin,
    head: Uint8Array,
  ): {
    readonly sizes: WindowSizes;
    readonly use: (window: Window) => void;
    readonly result: () => EngineResult;
  } => {
    const isWhole = decode && isContainer(head);
    const cursor = lineCursor();
    const matches: Match[] = [];
    const notices: Notice[] = [];
    return {
      sizes: isWhole ? { ...windows, own: Math.max(windows.own, containerBytes) } : windows,
      use({ bytes, offset, ownFrom, ownTo, last }) {
        if (!last) cursor.expect(ownTo - windows.margin);
        const found = scanDocument(rootDocument(bytes));
        notices.push(...found.notices);
        const own = found.hits.filter(({ root }) => root.from >= ownFrom && root.from < ownTo);
        if (own.length > 0) {
          for (const match of toMatches(own, { origin, offset, cursor }, allowWords)) {
            matches.push(match);
          }
        }
        if (last) return;
        if (isWhole) notices.push(limitReached("what follows a container's first 128 MiB"));
        cursor.rebase(bytes);
      },
      result: () => ({ matches, notices: distinct(notices) }),
    };
  };

  return {
    scan(origin, bytes) {
      const reader = documentReader(origin, bytes);
      for (const window of windowsOf(bytes, reader.sizes)) reader.use(window);
      return reader.result();
    },
    open(origin) {
      let head: Uint8Array = new Uint8Array(0);
      let collecting: Collecting | null = null;
      /** The beginning tells how large the windows must be. */
      const collect = (): Collecting => {
        if (collecting === null) {
          const reader = documentReader(origin, head);
          collecting = { reader, collector: windowCollector(reader.sizes, reader.use) };
          collecting.collector.push(head);
        }
        return collecting;
      };
      return {
        push(bytes) {
          if (collecting !== null) collecting.collector.push(bytes);
          else {
            head = Buffer.concat([head, bytes]);
            if (head.length >= containerHead) collect();
          }
        },
        end() {
          const { reader, collector } = collect();
          collector.end();
          return reader.result();
        },
      };
    },
  };
}

interface Collecting {
  readonly reader: { readonly result: () => EngineResult };
  readonly collector: ReturnType<typeof windowCollector>;
}

function distinct(notices: readonly Notice[]): readonly Notice[] {
  if (notices.length < 2) return notices;
  const said = new Map(notices.map((notice) => [`${notice.code} ${notice.message}`, notice]));
  return [...said.values()];
}
