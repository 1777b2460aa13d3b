// The decoders, in the order in which the engine runs them.
// Running them, on views too, is left to the engine.
import type { Witness } from "../../model/index.js";
import type { Decoder } from "../view.js";
import { literal, oneOf } from "./algebra.js";
import { compressed } from "./compressed.js";
import { gzip } from "./gzip.js";
import { notebook } from "./notebook.js";
import { pdf } from "./pdf.js";
import { tar } from "./tar.js";
import { textDecoder } from "./text.js";
import { zip } from "./zip.js";

/** What keys begin with, for callers that have no rules at hand. */
const commonPlain: readonly Witness[] = [
  [...literal("sk-"), ...Array.from({ length: 8 }, () => oneOf("0123456789abcdef"))],
  literal("sk-ws-"),
  literal("sk-sp-"),
];

/** @param plain the rules' own witnesses: decoders start where one of them shows, encoded */
export function createDecoders(plain: readonly Witness[]): readonly Decoder[] {
  return [textDecoder(plain), zip, gzip, compressed, tar, notebook, pdf];
}

export const decoders: readonly Decoder[] = createDecoders(commonPlain);
