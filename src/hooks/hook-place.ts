// Where a repository's hooks live, and how our program is to be started from there.
// Writing hook files is left to install, configuration of hook managers to frameworks.
import { existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { UserError } from "../model/errors.js";
import type { Repository } from "../model/source.js";
import { git, gitText } from "../sources/git.js";
import { isOnPath, localProgram } from "./find-program.js";
import type { HookProgram } from "./hook-file.js";

/** A folder of hook files. */
export interface HookPlace {
  readonly kind: "plain" | "hooks-path" | "husky" | "global-hooks-path" | "template";
  /** Absolute. */
  readonly directory: string;
  readonly program: HookProgram;
  /** Would a hook of this place find the program now? */
  readonly findsProgram: boolean;
  /** Hook files here are sh scripts whatever their first line and mode say (husky). */
  readonly alwaysShell: boolean;
  /** What else the user has to do or to know, in one sentence; null when nothing. */
  readonly remark: string | null;
}

export interface PlaceRequest {
  /** Absolute path of the package's `bin/dashleaks-hook`. */
  readonly program: string;
  /** `--husky`: into `.husky` although husky is not active yet. */
  readonly husky: boolean;
  /** PATH, on which the program may lie. */
  readonly searchPath?: string | undefined;
}

type HookRepository = Pick<Repository, "worktree" | "gitDirectory" | "commonDirectory">;

/**
 * Finds the folder from which git takes this repository's hooks. Linked worktrees share theirs, a
 * submodule has its own.
 * @throws {UserError} when a setting of the user's sends the hooks of every repository to one folder
 */
export async function hookPlace(
  repository: HookRepository,
  request: PlaceRequest,
): Promise<HookPlace> {
  const { worktree } = repository;
  const set = await configuredHooksPath(repository);
  if (set !== null && (set.scope === "global" || set.scope === "system")) {
    throw new UserError(
      `core.hooksPath of your ${set.scope} git configuration takes the hooks of every repository from ${set.path}`,
      "Use --global to install there, or set core.hooksPath for this repository alone.",
    );
  }
  if (set === null) {
    if (worktree !== null && (request.husky || (await exists(join(worktree, ".husky"))))) {
      const remark = "husky is not active here yet: run `npx husky` once, or `npm install`.";
      const directory = join(worktree, ".husky");
      return { ...huskyPlace(directory, remark), ...shared(worktree, directory, request) };
    }
    const directory = join(repository.commonDirectory, "hooks");
    return { kind: "plain", directory, ...byPath(request), alwaysShell: false, remark: null };
  }
  const directory = resolve(worktree ?? repository.gitDirectory, set.path);
  if (basename(directory) === "_" && (await exists(join(directory, "h")))) {
    const husky = dirname(directory);
    const top = worktree ?? repository.gitDirectory;
    return { ...huskyPlace(husky, null), ...shared(top, husky, request) };
  }
  const common = { kind: "hooks-path", directory, alwaysShell: false } as const;
  if (worktree === null || !isInside(worktree, directory)) {
    return { ...common, ...byPath(request), remark: null };
  }
  const remark = `${relative(worktree, directory)} belongs to the repository: commit the change.`;
  return { ...common, ...shared(worktree, directory, request), remark };
}

type ProgramOfPlace = Pick<HookPlace, "program" | "findsProgram">;

function byPath({ program }: Pick<PlaceRequest, "program">): ProgramOfPlace {
  return { program: { kind: "path", path: program }, findsProgram: existsSync(program) };
}

/** In a folder that is committed no path of this machine may stand. */
function shared(worktree: string, directory: string, { searchPath }: PlaceRequest): ProgramOfPlace {
  const local = localProgram(worktree, directory);
  const findsProgram = existsSync(join(worktree, local)) || isOnPath(searchPath);
  return { program: { kind: "shared", local }, findsProgram };
}

/** The folder for `--global`, and whether git has to be told of it. */
export interface GlobalPlace extends HookPlace {
  /** `init.templateDir` to set, or null when the user's configuration names a folder already. */
  readonly templateDirectory: string | null;
}

/**
 * Finds the user's folder for all repositories: `core.hooksPath` if set, else the template that git
 * copies into every new repository and clone.
 * @param home the user's own folder
 * @param configuration the folder for programs' own files (XDG_CONFIG_HOME, %APPDATA%)
 */
export async function globalPlace(
  program: string,
  home: string,
  configuration: string,
): Promise<GlobalPlace> {
  const common = { ...byPath({ program }), alwaysShell: false } as const;
  const hooksPath = await globalSetting(home, "core.hooksPath");
  if (hooksPath !== "") {
    const directory = resolve(home, hooksPath);
    const remark = `${directory} serves every repository of yours (core.hooksPath).`;
    return { ...common, kind: "global-hooks-path", directory, remark, templateDirectory: null };
  }
  const template = await globalSetting(home, "init.templateDir");
  const own = ownTemplate(configuration);
  const directory = join(template === "" ? own : resolve(home, template), "hooks");
  const remark =
    "git copies these hooks into new repositories and clones; in one that is there already run `git init`.";
  const templateDirectory = template === "" || resolve(home, template) === own ? own : null;
  return { ...common, kind: "template", directory, remark, templateDirectory };
}

/** Tells git of our template folder. */
export async function setTemplate(home: string, directory: string): Promise<void> {
  await git(home, ["config", "--global", "init.templateDir", directory]);
}

/** Takes the setting out again, when it is ours. */
export async function unsetTemplate(home: string, directory: string): Promise<void> {
  if ((await globalSetting(home, "init.templateDir")) !== directory) return;
  await git(home, ["config", "--global", "--unset", "init.templateDir"]);
}

function ownTemplate(configuration: string): string {
  return join(configuration, "dashleaks", "git-template");
}

async function globalSetting(home: string, name: string): Promise<string> {
  return gitText(home, ["config", "--global", "--type=path", "--get", name], {
    allowStatus: [0, 1],
  });
}

/**
 * core.hooksPath as the repository and the user configured it, with its scope. Settings of the
 * command line are passed over: our own git calls switch hooks off by one.
 */
async function configuredHooksPath(
  repository: HookRepository,
): Promise<{ readonly scope: string; readonly path: string } | null> {
  const output = await gitText(
    repository.worktree ?? repository.gitDirectory,
    ["config", "--show-scope", "-z", "--type=path", "--get-all", "core.hooksPath"],
    { allowStatus: [0, 1] },
  );
  const fields = output.split("\0");
  let found: { readonly scope: string; readonly path: string } | null = null;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope = "", path = ""] = [fields[at], fields[at + 1]];
    if (scope !== "command") found = { scope, path };
  }
  return found;
}

// husky's own wrapper runs these files with `sh -e`.
function huskyPlace(
  directory: string,
  remark: string | null,
): Omit<HookPlace, keyof ProgramOfPlace> {
  return { kind: "husky", directory, alwaysShell: true, remark };
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way) && !/^\.git(?:[\\/]|$)/u.test(way);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
