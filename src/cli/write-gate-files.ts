// Run by the build, not by users: writes what takes long to derive from the rules, to dist.
// What stands in the files is left to hooks/gate-files, ruleset and sources/kernel.
import { mkdirSync, writeFileSync } from "node:fs";
import { decodedWitnesses } from "../engine/decoded-witnesses.js";
import { deriveTextWitnesses, packTextWitnesses } from "../engine/decoders/text-witnesses.js";
import { gateFiles } from "../hooks/gate-files.js";
import { packageFile } from "../package/package-files.js";
import { loadRuleset } from "../ruleset/load.js";
import { preparedFolder, preparedName } from "../ruleset/prepared-witnesses.js";
import { witnessesOf } from "../ruleset/witnesses.js";
import { makeWitnessTables, packTables } from "../sources/kernel/witness-tables.js";

const ruleset = loadRuleset();
// Other providers' keys never make a hook refuse, so they need not start Node.
const rules = ruleset.rules.filter(({ provider }) => typeof provider === "string");
const witnesses = witnessesOf({ ...ruleset, rules });
const files = gateFiles(witnesses);
const folder = packageFile("dist/hooks/");
mkdirSync(folder, { recursive: true });
for (const name of ["witnesses", "canaries"] as const) {
  writeFileSync(new URL(name, folder), files[name], "latin1");
}
writeFileSync(new URL("tables", folder), packTables(makeWitnessTables(witnesses.witnesses)));

for (const decode of [true, false]) {
  const set = witnessesOf(ruleset, { decode });
  const tables = packTables(makeWitnessTables(set.witnesses));
  writeFileSync(
    new URL(preparedName(ruleset, decode ? "decoded" : "plain"), preparedFolder),
    tables,
  );
}

const textWitnesses = deriveTextWitnesses(decodedWitnesses(ruleset.rules));
writeFileSync(
  new URL(preparedName(ruleset, "text"), preparedFolder),
  packTextWitnesses(textWitnesses),
);
