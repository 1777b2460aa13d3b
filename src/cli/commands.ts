// The one table of commands: help, man page and completions are made from it and from the flags.
// What a command does is left to a file of its own.
import { hookNames } from "../hooks/hook-names.js";
import { commandNames, type CommandName } from "./flags.js";

export interface Command {
  /** What stands behind `dashleaks NAME` in usage lines. */
  readonly operands: string;
  readonly summary: string;
  /** Words that the first operand may be, for help and completions. */
  readonly subcommands: readonly string[];
  /** Words that further operands may be, for completions. */
  readonly furtherOperands: readonly string[];
  /** Operands may be files and folders. */
  readonly takesFiles: boolean;
  readonly examples: readonly { readonly line: string; readonly says: string }[];
}

export const commands: Record<CommandName, Command> = {
  scan: {
    operands: "[PATH…]",
    summary: "Finds keys in files, the index and every git object (the default command).",
    subcommands: [],
    furtherOperands: [],
    takesFiles: true,
    examples: [
      { line: "dashleaks", says: "audit the repository that holds the current directory" },
      { line: "dashleaks scan --tree src", says: "only the files below src" },
      { line: "dashleaks scan --range origin/main..HEAD", says: "only what these commits bring" },
      { line: "git log -p | dashleaks scan -", says: "standard input" },
      { line: "dashleaks scan --discover ~/src", says: "every repository below a folder" },
      {
        line: "dashleaks scan --shard 1/4 --output part-1.json",
        says: "a fourth of the work; join the parts by dashleaks merge",
      },
      {
        line: "dashleaks scan --verify --output reset-plan.md",
        says: "which keys are live, what to reset",
      },
    ],
  },
  hook: {
    operands: "install|uninstall|status|run NAME",
    summary: "Installs, removes, shows or runs git hooks.",
    subcommands: ["install", "uninstall", "status", "run"],
    furtherOperands: hookNames,
    takesFiles: false,
    examples: [
      { line: "dashleaks hook install", says: "check every commit in this repository" },
      {
        line: "dashleaks hook install --global",
        says: "every repository cloned or made from now on",
      },
      { line: "dashleaks hook status", says: "what is installed where" },
    ],
  },
  ci: {
    operands: "",
    summary: "Scans what the change brings, as the CI system tells it, and reports there.",
    subcommands: [],
    furtherOperands: [],
    takesFiles: false,
    examples: [{ line: "npx dashleaks ci", says: "in a job of any known CI system" }],
  },
  verify: {
    operands: "[REPORT.json]",
    summary: "Asks the API whether keys are live.",
    subcommands: [],
    furtherOperands: [],
    takesFiles: true,
    examples: [
      { line: "dashleaks verify --env DASHSCOPE_API_KEY", says: "the key in that variable" },
      { line: "pass show qwen | dashleaks verify", says: "keys on standard input, one a line" },
    ],
  },
  prove: {
    operands: "FINGERPRINT…|REPORT.json…|-",
    summary: "Proves that keys are gone from a repository, or says what still holds them.",
    subcommands: [],
    furtherOperands: [],
    takesFiles: true,
    examples: [
      { line: "dashleaks prove report.json", says: "every key of an earlier report" },
      { line: "dashleaks prove sha256:…", says: "one key, which need not be known" },
      { line: "pass show old | dashleaks prove --verify -", says: "gone from here, and dead" },
      { line: "dashleaks prove --json report.json > proof.json", says: "for a machine to check" },
    ],
  },
  "purge-plan": {
    operands: "[FINGERPRINT…]",
    summary: "Writes the smallest safe recipe that takes keys out of a repository.",
    subcommands: [],
    furtherOperands: [],
    takesFiles: false,
    examples: [
      { line: "dashleaks purge-plan", says: "for every key found here" },
      { line: "dashleaks purge-plan sha256:…", says: "for one of them" },
      {
        line: "dashleaks purge-plan --expressions keys.txt",
        says: "also write the keys for git filter-repo",
      },
    ],
  },
  baseline: {
    operands: "create|add|prune",
    summary: "Keeps the list of keys that are known and let pass.",
    subcommands: ["create", "add", "prune"],
    furtherOperands: [],
    takesFiles: false,
    examples: [
      {
        line: 'dashleaks baseline create --reason "reset on 2 May, ticket 123"',
        says: "let pass all that is there now",
      },
    ],
  },
  merge: {
    operands: "REPORT.json…",
    summary: "Joins the JSON reports of several runs into one.",
    subcommands: [],
    furtherOperands: [],
    takesFiles: true,
    examples: [
      { line: "dashleaks merge part-*.json", says: "one answer from many jobs" },
      {
        line: "dashleaks merge a.json b.json --output all.html",
        says: "one page for many repositories",
      },
    ],
  },
  rules: {
    operands: "list|check",
    summary: "Lists the rules, or runs every rule's own examples.",
    subcommands: ["list", "check"],
    furtherOperands: [],
    takesFiles: false,
    examples: [{ line: "dashleaks rules check", says: "after writing a rule in .dashleaks.toml" }],
  },
  completions: {
    operands: "bash|zsh|fish|powershell",
    summary: "Prints a completion script for a shell.",
    subcommands: ["bash", "zsh", "fish", "powershell"],
    furtherOperands: [],
    takesFiles: false,
    examples: [{ line: "source <(dashleaks completions bash)", says: "in ~/.bashrc" }],
  },
  help: {
    operands: "[COMMAND]",
    summary: "Shows the help of a command.",
    subcommands: commandNames.filter((name) => name !== "help"),
    furtherOperands: [],
    takesFiles: false,
    examples: [{ line: "dashleaks help scan", says: "every flag of scan" }],
  },
};
