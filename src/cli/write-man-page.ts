// Run by the build, not by users: writes the manual page, which the package installs, to dist/man.
// What stands in it is left to man.
import { mkdirSync, writeFileSync } from "node:fs";
import { packageFile } from "../package/package-files.js";
import { version } from "../package/version.js";
import { manPage } from "./man.js";

const folder = packageFile("dist/man/");
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("dashleaks.1", folder), manPage(version));
