// Configuration for hook managers that keep their own list of hooks: lefthook and pre-commit.
// Written where there is none yet, else shown: somebody's YAML is not ours to rewrite.
import { access, rm, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HookName } from "./hook-names.js";

const frameworkNames = ["lefthook", "pre-commit"] as const;
export type FrameworkName = (typeof frameworkNames)[number];

interface Framework {
  /** Files that mean that a repository uses it; the first is the one to write. */
  readonly files: readonly [string, ...string[]];
  /** What the user runs after the configuration changed. */
  readonly activate: string;
  readonly configuration: (hooks: readonly HookName[], version: string) => string;
}

const local = "node_modules/.bin/dashleaks-hook";

/** Arguments and settings of lefthook's commands. Source: lefthook.dev/configuration, 2026-11. */
const lefthookCommands: Readonly<Record<HookName, readonly string[] | null>> = {
  "pre-commit": [`run: ${local} pre-commit`],
  "commit-msg": [`run: ${local} commit-msg {1}`],
  "pre-push": [`run: ${local} pre-push {1} {2}`, "use_stdin: true"],
  "pre-receive": null,
};

const frameworks: Readonly<Record<FrameworkName, Framework>> = {
  lefthook: {
    files: ["lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", "lefthook.toml"],
    activate: "npx lefthook install",
    configuration: (hooks) =>
      hooks
        .flatMap((hook) => {
          const command = lefthookCommands[hook];
          if (command === null) return [];
          const lines = command.map((line) => `      ${line}`);
          return [`${hook}:`, "  commands:", "    dashleaks:", ...lines, ""];
        })
        .join("\n"),
  },
  // Source: pre-commit.com, "Supported hooks stages" and "Creating new hooks", 2026-11.
  "pre-commit": {
    files: [".pre-commit-config.yaml", ".pre-commit-config.yml"],
    activate:
      "pre-commit install --hook-type pre-commit --hook-type commit-msg --hook-type pre-push",
    configuration: (hooks, version) =>
      [
        "repos:",
        "  - repo: local",
        "    hooks:",
        ...hooks.flatMap((hook) =>
          hook === "pre-receive"
            ? []
            : [
                `      - id: dashleaks-${hook}`,
                `        name: dashleaks ${hook}`,
                `        entry: dashleaks-hook ${hook}`,
                "        language: node",
                `        additional_dependencies: ["dashleaks@${version}"]`,
                `        stages: [${hook}]`,
                `        pass_filenames: ${hook === "commit-msg"}`,
                "        always_run: true",
              ],
        ),
        "",
      ].join("\n"),
  },
};

export interface FrameworkAdvice {
  readonly framework: FrameworkName;
  /** Absolute path of the configuration. */
  readonly path: string;
  /** Our part of it. */
  readonly configuration: string;
  readonly activate: string;
  /** Was it written? False: the file is there, and the user has to put it in. */
  readonly written: boolean;
  /** The program that the configuration starts is there; pre-commit installs its own. */
  readonly programFound: boolean;
}

/** Which hook manager's configuration lies in the repository's top folder, if any. */
export async function frameworkIn(worktree: string): Promise<FrameworkName | null> {
  for (const name of frameworkNames) {
    if ((await configurationFile(worktree, name)) !== null) return name;
  }
  return null;
}

/** Writes the configuration where there is none; where there is one, tells what to put in. */
export async function adviseFramework(
  worktree: string,
  name: FrameworkName,
  hooks: readonly HookName[],
  version: string,
): Promise<FrameworkAdvice> {
  const { files, activate, configuration } = frameworks[name];
  const there = await configurationFile(worktree, name);
  const text = configuration(hooks, version);
  const path = there ?? join(worktree, files[0]);
  if (there === null) await writeFile(path, text, { flag: "wx" });
  const programFound = name === "pre-commit" || (await exists(join(worktree, local)));
  return {
    framework: name,
    path,
    configuration: text,
    activate,
    written: there === null,
    programFound,
  };
}

/** Removes a configuration that is, byte for byte, what `adviseFramework` wrote. */
export async function withdrawFramework(
  worktree: string,
  name: FrameworkName,
  hooks: readonly HookName[],
  version: string,
): Promise<{ readonly path: string; readonly removed: boolean } | null> {
  const path = await configurationFile(worktree, name);
  if (path === null) return null;
  const text = await readFile(path, "utf8");
  if (text !== frameworks[name].configuration(hooks, version)) return { path, removed: false };
  await rm(path);
  return { path, removed: true };
}

async function configurationFile(worktree: string, name: FrameworkName): Promise<string | null> {
  for (const file of frameworks[name].files) {
    const path = join(worktree, file);
    if (await exists(path)) return path;
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
