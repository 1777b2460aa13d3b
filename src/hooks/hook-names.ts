// The git hooks that dashleaks knows, as data. What each does is left to the command that runs it.

export const hookNames = ["pre-commit", "commit-msg", "pre-push", "pre-receive"] as const;
export type HookName = (typeof hookNames)[number];

/** What `dashleaks hook install` puts in when it is not told otherwise: a developer's gates. */
export const defaultHooks: readonly HookName[] = ["pre-commit", "commit-msg", "pre-push"];

/** Hooks that are told what happens on standard input; a hook beside ours needs it too. */
export const readsStandardInput: Readonly<Record<HookName, boolean>> = {
  "pre-commit": false,
  "commit-msg": false,
  "pre-push": true,
  "pre-receive": true,
};

export function isHookName(name: string): name is HookName {
  return (hookNames as readonly string[]).includes(name);
}
