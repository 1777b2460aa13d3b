// The tool's version, read from the package's own manifest so that it is written once.
import { readFileSync } from "node:fs";
import { packageFile } from "./package-files.js";

const manifest = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as {
  readonly version: string;
};

export const version = manifest.version;
