// Run by the build, not by users: joins the command line's modules, and the small libraries that every
// run needs, into few files. Two hundred modules take Node a tenth of a second to find and load.
// Libraries that few runs need stay where npm has put them.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { packageFile } from "./package-files.js";

const folder = "dist/bundle";

// Chunks are named by what is in them: those of an earlier build would stay.
rmSync(packageFile(`${folder}/`), { recursive: true, force: true });

const common = {
  absWorkingDir: process.cwd(),
  outdir: folder,
  bundle: true,
  platform: "node",
  target: "node20.20",
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
} as const;

// In one file and as CommonJS, because a thread with Node's loader of modules takes longer to start.
await build({
  ...common,
  entryPoints: { worker: "src/sources/packs/worker.ts" },
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { "import.meta.url": "moduleUrl" },
  banner: { js: 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
});

const { metafile } = await build({
  ...common,
  entryPoints: { main: "src/cli/main.ts", "hook-quick": "src/cli/hook-quick.ts" },
  splitting: true,
  format: "esm",
  metafile: true,
  external: ["undici", "simple-git", "fast-glob", "cli-progress", "ci-info"],
  // Some of the libraries are CommonJS and ask for built-in modules by `require`.
  banner: {
    js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
  },
});

const joined = new Set(
  Object.keys(metafile.inputs).flatMap((input) => {
    const [library] = /^node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(input) ?? [];
    return library ?? [];
  }),
);
const terms = [...joined].sort().map((library) => {
  const named = ["LICENSE", "LICENSE.md", "LICENSE-MIT", "license"].map((name) =>
    join(library, name),
  );
  const found = named.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${library} comes without its licence`);
  return `${library.slice(dirname(library).length + 1)}\n\n${readFileSync(found, "utf8").trim()}\n`;
});
writeFileSync(packageFile(`${folder}/LICENSES.txt`), terms.join(`\n${"-".repeat(70)}\n\n`));
