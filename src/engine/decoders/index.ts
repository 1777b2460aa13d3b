// The decoders, in the order in which the engine runs them.
// Running them, on views too, is left to the engine.
import { noQuickLook, type QuickLook } from "../quick-look.js";
import type { Decoder } from "../view.js";
import { compressed } from "./compressed.js";
import { gzipDecoder } from "./gzip.js";
import { inflateWith } from "./inflate.js";
import { notebook } from "./notebook.js";
import { pdf } from "./pdf.js";
import { sqlite } from "./sqlite.js";
import { tar } from "./tar.js";
import { textDecoder } from "./text.js";
import type { TextWitnesses } from "./text-witnesses.js";
import { zipDecoder } from "./zip.js";

/**
 * @param textWitnesses where decoders of text start; asked for when there is a text
 * @param quickLook tells of bytes, deflated or not, what they cannot hold
 */
export function createDecoders(
  textWitnesses: () => TextWitnesses,
  quickLook: () => QuickLook = () => noQuickLook,
): readonly Decoder[] {
  const inflate = inflateWith(quickLook);
  return [
    textDecoder(textWitnesses, quickLook),
    zipDecoder(inflate),
    gzipDecoder(inflate),
    compressed,
    tar,
    notebook,
    pdf,
    sqlite,
  ];
}
