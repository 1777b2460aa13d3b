// The decoders, in the order in which the engine runs them.
// Running them, on views too, is left to the engine.
import type { Witness } from "../../model/index.js";
import type { Decoder } from "../view.js";
import { compressed } from "./compressed.js";
import { gzip } from "./gzip.js";
import { notebook } from "./notebook.js";
import { pdf } from "./pdf.js";
import { tar } from "./tar.js";
import { textDecoder } from "./text.js";
import { zip } from "./zip.js";

/** @param plain the rules' own witnesses: decoders start where one of them shows, encoded */
export function createDecoders(plain: readonly Witness[]): readonly Decoder[] {
  return [textDecoder(plain), zip, gzip, compressed, tar, notebook, pdf];
}
