// The one table of flags: parser, help, man page and completions are made from it.
// What a flag does is left to the plan and to the commands, what a command is to commands.
import { formatChoices } from "./output.js";

export const commandNames = [
  "scan",
  "hook",
  "ci",
  "verify",
  "prove",
  "purge-plan",
  "baseline",
  "merge",
  "rules",
  "completions",
  "help",
] as const;
export type CommandName = (typeof commandNames)[number];

export type FlagGroup = "what to scan" | "what counts" | "asking the API" | "output" | "general";

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** Name of the value in help texts; without one the flag is a switch. */
  readonly value?: string;
  readonly multiple?: boolean;
  readonly choices?: readonly string[];
  readonly group: FlagGroup;
  readonly help: string;
  readonly commands: readonly CommandName[];
}

const scanning = ["scan", "ci"] as const satisfies readonly CommandName[];
const reporting = ["scan", "ci", "verify", "merge"] as const satisfies readonly CommandName[];
const every = commandNames;

export const flags: readonly Flag[] = [
  {
    name: "tree",
    group: "what to scan",
    help: "Files only: what git tracks, and untracked files that it does not ignore.",
    commands: ["scan"],
  },
  {
    name: "history",
    group: "what to scan",
    help: "Git objects only: all of them, reachable or not.",
    commands: ["scan"],
  },
  {
    name: "staged",
    group: "what to scan",
    help: "Only what would be committed now.",
    commands: ["scan"],
  },
  {
    name: "range",
    value: "A..B",
    group: "what to scan",
    help: "Only what the commits of B that are not in A bring.",
    commands: ["scan"],
  },
  {
    name: "include",
    value: "GLOB",
    multiple: true,
    group: "what to scan",
    help: "Only what lies at a path that matches, now or in history; may be given several times.",
    commands: scanning,
  },
  {
    name: "exclude",
    value: "GLOB",
    multiple: true,
    group: "what to scan",
    help: "Nothing that lies only at paths that match, now or in history; may be given several times.",
    commands: scanning,
  },
  {
    name: "ignored",
    group: "what to scan",
    help: "Also files that git ignores.",
    commands: scanning,
  },
  {
    name: "repos-from",
    value: "FILE",
    group: "what to scan",
    help: "Also the repositories named in FILE, one path a line.",
    commands: ["scan"],
  },
  {
    name: "discover",
    group: "what to scan",
    help: "Every repository found below the paths.",
    commands: ["scan"],
  },
  {
    name: "shard",
    value: "I/N",
    group: "what to scan",
    help: "Only part I of N of the work; the parts do not overlap.",
    commands: ["scan"],
  },
  {
    name: "no-decode",
    group: "what to scan",
    help: "Do not look into encoded, escaped, split or packed forms.",
    commands: scanning,
  },
  {
    name: "no-cache",
    group: "what to scan",
    help: "Read everything again; neither use nor write the record of what is clean.",
    commands: scanning,
  },
  {
    name: "fail-on",
    value: "CONFIDENCE",
    choices: ["proven", "likely", "possible", "none"],
    group: "what counts",
    help: "Exit 1 for keys of this confidence or better (default: likely).",
    commands: reporting,
  },
  {
    name: "allow-incomplete",
    group: "what counts",
    help: "Do not exit 2 when something could not be looked at.",
    commands: reporting,
  },
  {
    name: "baseline",
    value: "FILE",
    group: "what counts",
    help: "The baseline file (default: .dashleaks-baseline.json at the root).",
    commands: ["scan", "ci", "baseline"],
  },
  {
    name: "no-baseline",
    group: "what counts",
    help: "Judge every key, also those in the baseline.",
    commands: scanning,
  },
  {
    name: "config",
    value: "FILE",
    group: "what counts",
    help: "The configuration file (default: .dashleaks.toml of the repository you are in).",
    commands: ["scan", "ci", "hook", "baseline", "rules", "prove", "purge-plan"],
  },
  {
    name: "no-config",
    group: "what counts",
    help: "Read no configuration file.",
    commands: ["scan", "ci", "hook", "baseline", "rules", "prove", "purge-plan"],
  },
  {
    name: "verify",
    group: "asking the API",
    help: "Ask the API whether each key is live. Sends the key to its provider, and nowhere else.",
    commands: ["scan", "ci", "prove"],
  },
  {
    name: "verify-ambiguous",
    group: "asking the API",
    help: "Also ask about keys whose provider is not certain (to ask is to disclose the key).",
    commands: ["scan", "ci", "verify"],
  },
  {
    name: "verify-timeout",
    value: "SECONDS",
    group: "asking the API",
    help: "Time for all questions together (default: 60).",
    commands: ["scan", "ci", "verify", "prove"],
  },
  {
    name: "workspace-id",
    value: "REGION=ID",
    multiple: true,
    group: "asking the API",
    help: "Your workspace in a region whose host needs one (eu-central-1, ap-northeast-1).",
    commands: ["scan", "ci", "verify", "prove"],
  },
  {
    name: "endpoint",
    value: "URL",
    multiple: true,
    group: "asking the API",
    help: "Another base URL that may be asked, such as a private gateway.",
    commands: ["scan", "ci", "verify", "prove"],
  },
  {
    name: "env",
    value: "NAME",
    multiple: true,
    group: "asking the API",
    help: "Take the key from this environment variable.",
    commands: ["verify"],
  },
  {
    name: "format",
    short: "f",
    value: "FORMAT",
    multiple: true,
    choices: formatChoices,
    group: "output",
    help: `One of ${formatChoices.join(", ")} (default: text).`,
    commands: reporting,
  },
  {
    name: "output",
    short: "o",
    value: "FILE",
    multiple: true,
    group: "output",
    help: "Write the report to FILE; several are allowed, each in the --format of the same place or by its name's ending.",
    commands: [...reporting, "prove", "purge-plan"],
  },
  {
    name: "quiet",
    short: "q",
    group: "output",
    help: "Print no report, only errors; the exit status tells.",
    commands: [...reporting, "hook", "prove"],
  },
  {
    name: "color",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    group: "output",
    help: "Colours: auto, always or never (default: auto; NO_COLOR and FORCE_COLOR are obeyed).",
    commands: every,
  },
  {
    name: "no-progress",
    group: "output",
    help: "Show no progress bar.",
    commands: [...reporting, "prove", "purge-plan", "baseline"],
  },
  {
    name: "json",
    group: "output",
    help: "Print JSON.",
    commands: ["rules", "prove", "hook", "purge-plan"],
  },
  {
    name: "global",
    group: "general",
    help: "For every repository of this user.",
    commands: ["hook"],
  },
  {
    name: "manager",
    value: "NAME",
    choices: ["auto", "git", "husky", "lefthook", "pre-commit"],
    group: "general",
    help: "The hook manager to use (default: the one that is there).",
    commands: ["hook"],
  },
  {
    name: "reason",
    value: "TEXT",
    group: "general",
    help: "Why these keys are let pass.",
    commands: ["baseline"],
  },
  {
    name: "expires",
    value: "DATE",
    group: "general",
    help: "Let pass until this day (YYYY-MM-DD).",
    commands: ["baseline"],
  },
  {
    name: "expressions",
    value: "FILE",
    group: "general",
    help: "Write the keys, as git filter-repo wants them, to FILE (mode 0600; it holds the keys).",
    commands: ["purge-plan"],
  },
  {
    name: "threads",
    value: "N",
    group: "general",
    help: "Threads to use (default: one a processor).",
    commands: ["scan", "ci", "prove", "purge-plan", "baseline"],
  },
  { name: "debug", group: "general", help: "Show stack traces of errors.", commands: every },
  { name: "help", short: "h", group: "general", help: "Show help.", commands: every },
  { name: "version", short: "V", group: "general", help: "Show the version.", commands: every },
];
