// UTF-16 around text that is encoded once more: base64 in a file that PowerShell wrote.
// Plain keys in UTF-16 are left to the engine.
import type { TextForm } from "./text-form.js";
import { limitReached, spend } from "./budget.js";

/** Stands for what is beyond ASCII; no key and no encoding holds it. */
const foreign = 0xf4;

export const wideForm: TextForm = {
  groups: ["utf-16 of base64"],
  *decode(bytes, hits, budget) {
    // A witness holds letters and zeros in turn, so whichever the byte order, letters tell.
    const letters = hits.map((hit) => (bytes[hit] === 0 ? hit + 1 : hit) & 1);
    for (const parity of new Set(letters)) {
      const length = (bytes.length - parity + 1) >> 1;
      if (!spend(budget, length)) {
        yield limitReached("utf-16");
        return;
      }
      const narrow = new Uint8Array(length);
      for (let unit = 0; unit < length; unit++) {
        const byte = bytes[parity + unit * 2] ?? 0;
        narrow[unit] = byte < 0x80 ? byte : foreign;
      }
      yield {
        kind: "view",
        encoding: "utf-16",
        trail: null,
        bytes: narrow,
        sourceOffset: (offset) => Math.min(bytes.length, parity + offset * 2),
      };
    }
  },
};
