// The decoders, in the order in which the engine runs them.
// Running them, on views too, is left to the engine.
import type { Decoder } from "../view.js";
import { compressed } from "./compressed.js";
import { gzip } from "./gzip.js";
import { notebook } from "./notebook.js";
import { pdf } from "./pdf.js";
import { sqlite } from "./sqlite.js";
import { tar } from "./tar.js";
import { textDecoder } from "./text.js";
import type { TextWitnesses } from "./text-witnesses.js";
import { zip } from "./zip.js";

/** @param textWitnesses where decoders of text start; asked for when there is a text */
export function createDecoders(textWitnesses: () => TextWitnesses): readonly Decoder[] {
  return [textDecoder(textWitnesses), zip, gzip, compressed, tar, notebook, pdf, sqlite];
}
