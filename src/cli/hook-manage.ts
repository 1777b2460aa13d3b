// Installs, takes out and shows hooks, and says what was done.
// Places and files are left to hooks.
import { dirname } from "node:path";
import {
  adviseFramework,
  frameworkIn,
  withdrawFramework,
  type FrameworkName,
} from "../hooks/frameworks.js";
import { howToProvide } from "../hooks/hook-file.js";
import { defaultHooks, hookNames, type HookName } from "../hooks/hook-names.js";
import {
  globalPlace,
  hookPlace,
  setTemplate,
  unsetTemplate,
  type GlobalPlace,
  type HookPlace,
} from "../hooks/hook-place.js";
import {
  hookStates,
  installHooks,
  removeEmptyFolders,
  uninstallHooks,
  type HookChange,
  type HookState,
} from "../hooks/install.js";
import { UserError } from "../model/errors.js";
import { locateRepository, type LocatedRepository } from "../sources/repository.js";
import { version } from "../package/version.js";
import type { ExitStatus } from "./exit-status.js";
import { noMoreOperands, type Typed } from "./parse.js";
import { one } from "./scan-plan.js";
import { print } from "./show-report.js";

/** Where things lie on this machine. */
export interface Machine {
  /** Absolute path of the package's bin/dashleaks-hook. */
  readonly program: string;
  /** PATH. */
  readonly searchPath: string | undefined;
  readonly home: string;
  /** The folder for programs' own files. */
  readonly configuration: string;
}

/** @param named the hooks that were named; none means the usual ones */
export async function manageHooks(
  subcommand: "install" | "uninstall" | "status",
  named: readonly HookName[],
  typed: Typed,
  machine: Machine,
): Promise<ExitStatus> {
  if (typed.flags.has("global")) return manageGlobal(subcommand, named, typed, machine);
  const repository = await locateRepository(process.cwd());
  if (repository === null) {
    throw new UserError("this folder is in no git repository", "Go to one, or use --global.");
  }
  const hooks = named.length > 0 ? named : usual(repository);
  const manager = one(typed, "manager") ?? "auto";
  const framework = await frameworkFor(manager, repository);
  if (framework !== null && repository.worktree !== null && subcommand !== "status") {
    return manageFramework(subcommand, framework, repository.worktree, hooks, typed);
  }
  const husky = manager === "husky";
  const { program, searchPath } = machine;
  const place = await hookPlace(repository, { program, husky, searchPath });
  if (husky && place.kind !== "husky") {
    throw new UserError("husky does not run this repository's hooks", "Leave --manager out.");
  }
  return managePlace(subcommand, place, subcommand === "install" ? hooks : named, typed);
}

/** @param hooks to install; of the other subcommands: those that were named, none means all */
async function managePlace(
  subcommand: "install" | "uninstall" | "status",
  place: HookPlace,
  hooks: readonly HookName[],
  typed: Typed,
): Promise<ExitStatus> {
  if (subcommand === "status") {
    const all = await hookStates(place);
    const states = hooks.length === 0 ? all : all.filter(({ hook }) => hooks.includes(hook));
    await say(
      typed,
      typed.flags.has("json")
        ? `${JSON.stringify({ kind: place.kind, directory: place.directory, hooks: states }, null, 2)}\n`
        : states.map((state) => stateLine(state, place)).join(""),
    );
    return states.some(({ programFound }) => programFound === false) ? 2 : 0;
  }
  if (subcommand === "install" && !place.findsProgram) {
    throw new UserError(
      `hooks in ${place.directory} would not find dashleaks-hook: it is neither in node_modules nor on PATH`,
      `${howToProvide} Then install the hooks again.`,
    );
  }
  const changes =
    subcommand === "install"
      ? await installHooks(place, hooks)
      : await uninstallHooks(place, hooks.length === 0 ? hookNames : hooks);
  const remark = subcommand === "install" && place.remark !== null ? `${place.remark}\n` : "";
  const none = changes.length === 0 ? "There was no hook of ours.\n" : "";
  await say(typed, changes.map(changeLine).join("") + none + remark);
  return 0;
}

async function say(typed: Typed, text: string): Promise<void> {
  if (!typed.flags.has("quiet")) await print(text);
}

async function manageGlobal(
  subcommand: "install" | "uninstall" | "status",
  named: readonly HookName[],
  typed: Typed,
  { program, home, configuration }: Machine,
): Promise<ExitStatus> {
  if (subcommand === "uninstall") noMoreOperands(named, "hook uninstall --global");
  const place = await globalPlace(program, home, configuration);
  const hooks = subcommand === "install" && named.length === 0 ? defaultHooks : named;
  const status = await managePlace(subcommand, place, hooks, typed);
  await keepTemplate(subcommand, place, home);
  return status;
}

async function keepTemplate(
  subcommand: "install" | "uninstall" | "status",
  { templateDirectory, directory }: GlobalPlace,
  home: string,
): Promise<void> {
  if (templateDirectory === null || subcommand === "status") return;
  if (subcommand === "install") {
    await setTemplate(home, templateDirectory);
    return;
  }
  await unsetTemplate(home, templateDirectory);
  await removeEmptyFolders([directory, templateDirectory, dirname(templateDirectory)]);
}

async function manageFramework(
  subcommand: "install" | "uninstall",
  name: FrameworkName,
  worktree: string,
  hooks: readonly HookName[],
  typed: Typed,
): Promise<ExitStatus> {
  if (subcommand === "install") {
    const advice = await adviseFramework(worktree, name, hooks, version);
    const missing = `It starts dashleaks-hook in node_modules, which is not there. ${howToProvide}\n`;
    await say(
      typed,
      (advice.written
        ? `${advice.path} was written. Activate it: ${advice.activate}\n`
        : `Put this into ${advice.path}, then: ${advice.activate}\n\n${advice.configuration}`) +
        (advice.programFound ? "" : missing),
    );
    return 0;
  }
  const withdrawn = await withdrawFramework(worktree, name, hooks, version);
  await say(
    typed,
    withdrawn?.removed === true
      ? `${withdrawn.path} was removed.\n`
      : `Take dashleaks out of ${withdrawn?.path ?? "the configuration"} by hand: it holds more than ours.\n`,
  );
  return 0;
}

async function frameworkFor(
  manager: string,
  { worktree }: LocatedRepository,
): Promise<FrameworkName | null> {
  if (manager === "lefthook" || manager === "pre-commit") return manager;
  return manager === "auto" && worktree !== null ? frameworkIn(worktree) : null;
}

/** A bare repository is a server's: only pushes come to it. */
function usual({ bare }: LocatedRepository): readonly HookName[] {
  return bare ? ["pre-receive"] : defaultHooks;
}

const changeWords = {
  made: "installed",
  joined: "installed, before what the hook did already",
  wrapped: "installed; the hook that was there is kept and runs after it",
  updated: "brought up to date",
  restored: "taken out; the earlier hook is back",
  removed: "taken out",
  left: "taken out; the rest of the hook stays",
  unchanged: "installed already",
} as const satisfies Record<HookChange["change"], string>;

function changeLine({ hook, path, change }: HookChange): string {
  return `${hook}: ${changeWords[change]} (${path})\n`;
}

function stateLine(
  { hook, path, installed, foreign, programFound }: HookState,
  { program }: HookPlace,
): string {
  const lost =
    program.kind === "path"
      ? "THE PROGRAM IS GONE: install again"
      : `THE PROGRAM IS NOT FOUND: ${howToProvide}`;
  const parts = [
    installed ? "installed" : "not installed",
    foreign ? "another hook is there too" : "",
    programFound === false ? lost : "",
  ].filter((part) => part !== "");
  return `${hook}: ${parts.join("; ")}${installed ? ` (${path})` : ""}\n`;
}
