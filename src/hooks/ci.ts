// What a CI job has to look at: from the platform's variables to a range of commits, or everything.
// Which platform it is, is found out by ci-info; reading commits is left to sources.

/** Platforms whose variables are known here; `generic` is every other one. */
export const ciPlatforms = [
  "github",
  "gitlab",
  "jenkins",
  "bitbucket",
  "azure",
  "circleci",
  "generic",
] as const;
export type CiPlatform = (typeof ciPlatforms)[number];

/** What of a repository a CI job scans. */
type CiScope =
  /** Everything that `tip` reaches and none of `known` does: what the change brings. */
  | {
      readonly kind: "range";
      readonly tip: string;
      readonly known: readonly string[];
      /** What the change's branch is called: its name is published with it. */
      readonly names: readonly string[];
    }
  | { readonly kind: "all" };

export interface CiPlan {
  readonly platform: CiPlatform;
  readonly scope: CiScope;
  /** One sentence for the log: why this scope. */
  readonly reason: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What a platform said, before it is checked. */
interface Said {
  readonly tip: string | undefined;
  readonly known: readonly (string | undefined)[];
  readonly reason: string;
}

type Answer = Said | { readonly all: string };

/** ci-info's names of platforms -> ours. Gitea's runners speak GitHub's variables. */
const platformsById: Readonly<Record<string, CiPlatform>> = {
  GITHUB_ACTIONS: "github",
  GITEA_ACTIONS: "github",
  GITLAB: "gitlab",
  JENKINS: "jenkins",
  BITBUCKET: "bitbucket",
  AZURE_PIPELINES: "azure",
  CIRCLE: "circleci",
};

/** The setting that makes a clone whole, by platform; shown when a clone is shallow. */
export const fullCloneSetting: Readonly<Record<CiPlatform, string>> = {
  github: "Set `fetch-depth: 0` under `with:` of actions/checkout.",
  gitlab: 'Set the variable GIT_DEPTH: "0" in .gitlab-ci.yml.',
  jenkins:
    "Take `Shallow clone` out of the job's clone options (CloneOption with shallow: false and noTags: false).",
  bitbucket: "Set `clone: depth: full` in bitbucket-pipelines.yml.",
  azure: "Set `fetchDepth: 0` on the `checkout: self` step.",
  circleci: "Use the `checkout` step with `method: full`, or run `git fetch --unshallow` before.",
  generic: "Clone without --depth, or run `git fetch --unshallow` before.",
};

/** @param id ci-info's id of the platform, or null where it knows none */
export function ciPlatformOf(id: string | null): CiPlatform {
  return (id === null ? undefined : platformsById[id]) ?? "generic";
}

/**
 * Decides what to scan. Pure: everything comes in by the arguments.
 *
 * A merge or pull request: from its base to its head. A push: from before to after. A new branch:
 * all that the default branch has not. A tag, a schedule, a start by hand, or nothing known:
 * everything. DASHLEAKS_FROM and DASHLEAKS_TO win over what the platform says.
 * @param event the parsed file that GITHUB_EVENT_PATH names, else undefined
 */
export function ciPlan(platform: CiPlatform, environment: Environment, event?: unknown): CiPlan {
  const { DASHLEAKS_FROM: from, DASHLEAKS_TO: to } = environment;
  const own: Answer | null = from
    ? { tip: to || "HEAD", known: [from], reason: `DASHLEAKS_FROM is ${from}` }
    : null;
  const answer = own ?? readers[platform](environment, event);
  if ("all" in answer) return { platform, scope: { kind: "all" }, reason: answer.all };
  const tip = usable(answer.tip);
  if (tip === null) {
    const reason = `${answer.reason}, but its head is not told: everything`;
    return { platform, scope: { kind: "all" }, reason };
  }
  const known = answer.known.flatMap((name) => usable(name) ?? []);
  const names = branchVariables[platform].flatMap((name) => usable(environment[name]) ?? []);
  return { platform, scope: { kind: "range", tip, known, names }, reason: answer.reason };
}

/** Where a platform tells the name of the branch that a change comes from. Sources: at each reader. */
const branchVariables: Readonly<Record<CiPlatform, readonly string[]>> = {
  github: ["GITHUB_HEAD_REF", "GITHUB_REF"],
  gitlab: ["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"],
  jenkins: ["CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"],
  bitbucket: ["BITBUCKET_BRANCH"],
  azure: ["SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"],
  circleci: ["CIRCLE_BRANCH"],
  generic: [],
};

const readers: Readonly<Record<CiPlatform, (environment: Environment, event: unknown) => Answer>> =
  {
    github,
    gitlab,
    jenkins,
    bitbucket,
    azure,
    circleci,
    generic: () => ({ all: "unknown platform: everything" }),
  };

/** Zeros stand for "none" on most platforms. */
function usable(name: string | undefined): string | null {
  return name === undefined || name === "" || /^0+$/u.test(name) ? null : name;
}

function onRemote(branch: string | undefined): string | undefined {
  const short = branch?.replace(/^refs\/heads\//u, "");
  return short ? `refs/remotes/origin/${short}` : undefined;
}

/** A new branch brings what the default branch has not; the default branch itself, everything. */
function newBranch(
  tip: string | undefined,
  branch: string | undefined,
  main: string | undefined,
): Answer {
  if (!main || main === branch) return { all: `new branch ${branch ?? ""}: everything` };
  return {
    tip,
    known: [onRemote(main)],
    reason: `new branch ${branch ?? ""}: what ${main} has not`,
  };
}

/** Source: docs.github.com, "Webhook events and payloads" and "Variables reference", 2026-11. */
function github(environment: Environment, event: unknown): Answer {
  const name = environment["GITHUB_EVENT_NAME"] ?? "";
  const main = text(event, "repository", "default_branch");
  switch (name) {
    case "pull_request":
    case "pull_request_target":
      return {
        tip: text(event, "pull_request", "head", "sha"),
        known: [
          text(event, "pull_request", "base", "sha"),
          onRemote(text(event, "pull_request", "base", "ref")),
        ],
        reason: "pull request: base to head",
      };
    case "merge_group":
      return {
        tip: text(event, "merge_group", "head_sha"),
        known: [text(event, "merge_group", "base_sha")],
        reason: "merge group: base to head",
      };
    case "push": {
      const ref = text(event, "ref") ?? environment["GITHUB_REF"] ?? "";
      if (ref.startsWith("refs/tags/")) return { all: "tag: everything" };
      const tip = text(event, "after") ?? environment["GITHUB_SHA"];
      const before = text(event, "before");
      if (usable(before) === null) return newBranch(tip, ref.replace(/^refs\/heads\//u, ""), main);
      return { tip, known: [before], reason: "push: before to after" };
    }
    default:
      return { all: `${name === "" ? "unknown event" : name}: everything` };
  }
}

/** Source: docs.gitlab.com/ci/variables/predefined_variables, 2026-11. */
function gitlab(environment: Environment): Answer {
  const sha = environment["CI_COMMIT_SHA"];
  switch (environment["CI_PIPELINE_SOURCE"]) {
    case "merge_request_event":
    case "external_pull_request_event":
      return {
        // In a merged-results pipeline CI_COMMIT_SHA is a merge that contains the source branch.
        tip: sha,
        known: [
          environment["CI_MERGE_REQUEST_DIFF_BASE_SHA"],
          environment["CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA"],
          onRemote(environment["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"]),
        ],
        reason: "merge request: base to head",
      };
    case "push": {
      if (environment["CI_COMMIT_TAG"]) return { all: "tag: everything" };
      const before = environment["CI_COMMIT_BEFORE_SHA"];
      if (usable(before) !== null) {
        return { tip: sha, known: [before], reason: "push: before to after" };
      }
      return newBranch(sha, environment["CI_COMMIT_BRANCH"], environment["CI_DEFAULT_BRANCH"]);
    }
    default:
      return { all: `${environment["CI_PIPELINE_SOURCE"] ?? "unknown source"}: everything` };
  }
}

/** Source: plugins.jenkins.io/git and /workflow-multibranch, environment variables, 2026-11. */
function jenkins(environment: Environment): Answer {
  const tip = environment["GIT_COMMIT"] ?? "HEAD";
  if (environment["TAG_NAME"]) return { all: "tag: everything" };
  if (environment["CHANGE_ID"]) {
    const known = [onRemote(environment["CHANGE_TARGET"])];
    return { tip, known, reason: "change request: target branch to head" };
  }
  const before = environment["GIT_PREVIOUS_COMMIT"];
  if (usable(before) === null) return { all: "first build: everything" };
  return { tip, known: [before], reason: "since the last build of this branch" };
}

/** Source: support.atlassian.com, "Variables and secrets" of Bitbucket Pipelines, 2026-11. */
function bitbucket(environment: Environment): Answer {
  if (environment["BITBUCKET_PR_ID"]) {
    return {
      tip: environment["BITBUCKET_COMMIT"],
      known: [
        environment["BITBUCKET_PR_DESTINATION_COMMIT"],
        onRemote(environment["BITBUCKET_PR_DESTINATION_BRANCH"]),
      ],
      reason: "pull request: destination to head",
    };
  }
  return { all: "Bitbucket does not tell what a push brings: everything" };
}

/** Source: learn.microsoft.com, "Use predefined variables" of Azure Pipelines, 2026-11. */
function azure(environment: Environment): Answer {
  if (environment["BUILD_REASON"] === "PullRequest") {
    return {
      tip: environment["SYSTEM_PULLREQUEST_SOURCECOMMITID"] ?? environment["BUILD_SOURCEVERSION"],
      known: [onRemote(environment["SYSTEM_PULLREQUEST_TARGETBRANCH"])],
      reason: "pull request: target branch to head",
    };
  }
  return { all: "Azure Pipelines does not tell what a push brings: everything" };
}

/** Source: circleci.com/docs/variables, 2026-11. The base of a change is a pipeline value only. */
function circleci(environment: Environment): Answer {
  if (environment["CIRCLE_TAG"]) return { all: "tag: everything" };
  return {
    all: "CircleCI tells no base: everything (give DASHLEAKS_FROM: << pipeline.git.base_revision >> for less)",
  };
}

function text(value: unknown, ...path: readonly string[]): string | undefined {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return typeof at === "string" ? at : undefined;
}
