// `dashleaks completions SHELL`: a script made from the flag table.
// How a shell loads it is said in the script's first line; the scripts are left to completions/.
import { UserError } from "../model/errors.js";
import { bashScript } from "./completions/bash.js";
import { fishScript } from "./completions/fish.js";
import { powershellScript } from "./completions/powershell.js";
import { zshScript } from "./completions/zsh.js";
import type { ExitStatus } from "./exit-status.js";
import { noMoreOperands, type Typed } from "./parse.js";
import { print } from "./show-report.js";

type Shell = "bash" | "zsh" | "fish" | "powershell";

const scripts = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
} satisfies Record<Shell, () => string>;

/** Prints the script. @throws UserError for a shell that is not known */
export async function completionsCommand(typed: Typed): Promise<ExitStatus> {
  const [shell, ...more] = typed.operands;
  if (shell === undefined || !Object.hasOwn(scripts, shell)) {
    throw new UserError(
      shell === undefined ? "completions needs the name of a shell" : `no completions for ${shell}`,
      `It is one of: ${Object.keys(scripts).join(", ")}.`,
    );
  }
  noMoreOperands(more, `completions ${shell}`);
  await print(scripts[shell as Shell]());
  return 0;
}
