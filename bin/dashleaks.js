#!/usr/bin/env node
// Starts the command line; everything it does is in src/cli.
const argv = process.argv.slice(2);

/** The most frequent call, and the one that somebody waits for: it loads only what it needs. */
async function isCleanCommit() {
  if (argv.join(" ") !== "hook run pre-commit") return false;
  const { nothingStaged } = await import("../dist/bundle/hook-quick.js");
  return nothingStaged(process.cwd(), process.env);
}

if (!(await isCleanCommit())) {
  const { main } = await import("../dist/bundle/main.js");
  process.exitCode = await main(argv);
}
