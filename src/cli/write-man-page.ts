// Run by the build, not by users: writes the manual page, which the package installs, to dist/man.
// What stands in it is left to man.
import { mkdirSync, writeFileSync } from "node:fs";
import { version } from "../version.js";
import { manPage } from "./man.js";

const folder = new URL("../man/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("dashleaks.1", folder), manPage(version));
