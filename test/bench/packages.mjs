// Counts what dashleaks says of well-known public packages, in which no key should be, with hidden
// forms looked into and without. Run it with `npm run bench:packages [NAME…]`.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const wellKnown = (
  "lodash express react-dom typescript webpack axios vue @angular/core eslint prettier jquery " +
  "moment chalk rxjs next openai langchain @aws-sdk/client-s3 firebase three monaco-editor " +
  "pdfjs-dist core-js highlight.js"
).split(" ");

const bin = join(import.meta.dirname, "../../bin/dashleaks.js");
const { NODE_EXTRA_CA_CERTS: _ca, ...environment } = process.env;
const folder = mkdtempSync(join(tmpdir(), "dashleaks-packages-"));

function unpack(name) {
  const [{ filename = "" } = {}] = JSON.parse(
    execFileSync("npm", ["pack", name, "--json", "--silent"], { cwd: folder, encoding: "utf8" }),
  );
  const target = join(folder, name.replaceAll("/", "-"));
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["xzf", join(folder, filename), "-C", target]);
  rmSync(join(folder, filename));
}

function scan(options) {
  const started = performance.now();
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [bin, "scan", folder, "--format", "json", ...options],
    { encoding: "utf8", env: environment, maxBuffer: 1 << 28 },
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  if (stdout === "") throw new Error(stderr);
  const { keys, coverage } = JSON.parse(stdout);
  const alarms = keys.map(({ masked, kind, confidence, encoding, places }) => {
    const [place] = places;
    return `  ${masked} ${kind} ${confidence} [${encoding.join()}] ${place?.path}:${place?.line}`;
  });
  const what = options.length === 0 ? "with hidden forms" : options.join(" ");
  return [`${what}: ${keys.length} keys, ${coverage.files} files, ${seconds} s`, ...alarms].join(
    "\n",
  );
}

try {
  const typed = process.argv.slice(2);
  for (const name of typed.length > 0 ? typed : wellKnown) unpack(name);
  process.stdout.write(`${scan([])}\n${scan(["--no-decode"])}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
