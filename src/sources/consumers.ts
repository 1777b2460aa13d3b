// Where the variables that held a key are used in the tree, so that a reset does not break what runs
// with it. What is done about them is left to findings (advice).
import {
  orderedConsumers,
  type Consumer,
  type ConsumerKind,
  type Repository,
} from "../model/index.js";
import { git, gitStream } from "./git.js";
import type { GitOptions } from "./git-options.js";

/** So many are looked for; a name that common tells nobody anything. */
const maxHits = 2000;
/** Of each variable so many are told: those that break first come first. */
const maxConsumers = 100;

/** By what a path shows which sort of place it is; the first that fits holds. */
const placeSorts: readonly { readonly what: ConsumerKind; readonly path: RegExp }[] = [
  { what: "GitHub workflow", path: /^\.github\/workflows\/[^/]+\.ya?ml$/u },
  { what: "GitHub action", path: /(?:^|\/)action\.ya?ml$/u },
  {
    what: "CI pipeline",
    path: /^(?:\.gitlab-ci\.ya?ml|\.circleci\/.*|\.travis\.yml|\.drone\.ya?ml|bitbucket-pipelines\.yml|\.woodpecker.*)$|(?:^|\/)(?:Jenkinsfile[^/]*|azure-pipelines[^/]*\.ya?ml|[^/]*\.gitlab-ci\.ya?ml)$/u,
  },
  { what: "compose file", path: /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/u },
  { what: "Helm chart", path: /(?:^|\/)(?:charts?|helm)\/.*\.(?:ya?ml|tpl)$/u },
  {
    what: "Kubernetes manifest",
    path: /(?:^|\/)(?:k8s|kubernetes|kustomize|manifests)\/.*\.ya?ml$/u,
  },
  { what: "container build", path: /(?:^|\/)(?:Dockerfile|Containerfile)[^/]*$|\.Dockerfile$/u },
  { what: "Terraform", path: /\.(?:tf|tfvars|hcl)$/u },
  { what: "Ansible playbook", path: /(?:^|\/)(?:playbooks?|roles|ansible)\/.*\.ya?ml$/u },
  {
    what: "service definition",
    path: /\.service$|(?:^|\/)(?:fly\.toml|vercel\.json|netlify\.toml|render\.ya?ml|app\.ya?ml|serverless\.ya?ml|Procfile|ecosystem\.config\.[cm]?js)$/u,
  },
  { what: "environment file", path: /(?:^|\/)(?:\.env(?:\.[^/]*)?|env|[^/]*\.env)$/u },
  { what: "shell script", path: /\.(?:sh|bash|zsh|fish|ps1|bat|cmd)$|(?:^|\/)Makefile$/u },
  { what: "notebook", path: /\.ipynb$/u },
  { what: "configuration", path: /\.(?:json5?|ya?ml|toml|ini|cfg|conf|properties|xml)$/u },
  {
    what: "code",
    path: /\.(?:py|pyi|[cm]?[jt]sx?|vue|svelte|java|kt|kts|scala|groovy|gradle|go|rs|rb|php|cs|fs|vb|swift|m|mm|dart|c|h|cc|cpp|hpp|lua|pl|r|jl|ex|exs|clj|sql|html?)$/iu,
  },
  { what: "documentation", path: /\.(?:md|mdx|rst|txt|adoc)$/iu },
];

/** Names that half the world uses for something else. */
const tellNothing = new Set(["api_key", "apikey", "key", "token", "secret", "value", "password"]);

/** A name as programs and configurations write it; anything else is no variable. */
const variableName = /^[A-Za-z_][A-Za-z0-9_.-]{2,99}$/u;

/**
 * Finds where variables are used in tracked files: in the worktree, or in HEAD of a bare repository.
 * Never gives the text of a line, which may hold a key.
 * @param variables names as the scan found them; such as tell nothing (`api_key`) are passed over
 * @param environment git's variables that led to the repository
 * @returns at most a hundred of each variable, what breaks first at the top, then by path and line
 * @throws GitError when git cannot search
 */
export async function findConsumers(
  repository: Repository,
  variables: readonly string[],
  environment: NonNullable<GitOptions["environment"]> = {},
): Promise<readonly Consumer[]> {
  const names = [...new Set(variables)].filter(
    (name) => variableName.test(name) && !tellNothing.has(name.toLowerCase()),
  );
  if (names.length === 0) return [];
  const directory = repository.worktree ?? repository.gitDirectory;
  const revision = repository.worktree === null ? await headOf(directory, environment) : [];
  if (revision === null) return [];
  const hits = await grep(directory, names, revision, environment);
  const manifests = await kubernetesManifests(directory, hits, revision, environment);
  const all = orderedConsumers(hits.map((hit) => ({ ...hit, what: sortOf(hit.path, manifests) })));
  const told = new Map<string, number>();
  return all.filter(({ variable }) => {
    const count = (told.get(variable) ?? 0) + 1;
    told.set(variable, count);
    return count <= maxConsumers;
  });
}

/** `["HEAD"]`, or null when nothing was committed yet. */
async function headOf(
  directory: string,
  environment: NonNullable<GitOptions["environment"]>,
): Promise<readonly string[] | null> {
  const args = ["rev-parse", "--quiet", "--verify", "HEAD^{commit}"];
  const head = await git(directory, args, { environment, allowStatus: [0, 1] });
  return head.length > 0 ? ["HEAD"] : null;
}

type Hit = Omit<Consumer, "what">;

/** git-grep(1): `-o` prints what matched and no more, `-z` ends the path and the number with NUL. */
async function grep(
  directory: string,
  names: readonly string[],
  revision: readonly string[],
  environment: NonNullable<GitOptions["environment"]>,
): Promise<Hit[]> {
  const patterns = names.flatMap((name) => ["-e", name]);
  const options = ["-I", "-n", "-o", "-z", "-w", "-F", "--full-name", "--no-color", "--no-column"];
  const args = ["grep", ...options, ...patterns, ...revision, "--"];
  const hits = new Map<string, Hit>();
  let rest = "";
  for await (const piece of gitStream(directory, args, { environment, allowStatus: [0, 1] })) {
    // Paths need not be UTF-8; latin1 keeps every byte until a record is whole.
    const text = rest + piece.toString("latin1");
    let read = 0;
    for (const record of text.matchAll(/([^\0]+)\0(\d+)\0([^\n]*)\n/gu)) {
      const [whole, path = "", line = "", variable = ""] = record;
      const hit = { path: pathOf(path, revision), line: Number(line), variable };
      hits.set(JSON.stringify(hit), hit);
      read = record.index + whole.length;
    }
    rest = text.slice(read);
    if (hits.size >= maxHits) break;
  }
  return [...hits.values()];
}

function pathOf(latin1: string, revision: readonly string[]): string {
  const path = Buffer.from(latin1, "latin1").toString("utf8");
  const [prefix] = revision;
  return prefix === undefined ? path : path.slice(prefix.length + 1);
}

/** YAML files among the hits that are Kubernetes objects by their content. */
async function kubernetesManifests(
  directory: string,
  hits: readonly Hit[],
  revision: readonly string[],
  environment: NonNullable<GitOptions["environment"]>,
): Promise<ReadonlySet<string>> {
  const yaml = [...new Set(hits.map(({ path }) => path))].filter((path) => /\.ya?ml$/u.test(path));
  if (yaml.length === 0) return new Set();
  const pattern = ["-e", "^apiVersion:[[:space:]]"];
  const args = ["grep", "-l", "-z", "-E", "--full-name", "--no-color", ...pattern, ...revision];
  const listed = await git(directory, [...args, "--", ...yaml.slice(0, maxConsumers)], {
    environment,
    allowStatus: [0, 1],
  });
  const paths = listed
    .toString("latin1")
    .split("\0")
    .filter((path) => path !== "");
  return new Set(paths.map((path) => pathOf(path, revision)));
}

const manifest = "Kubernetes manifest";

function sortOf(path: string, manifests: ReadonlySet<string>): string {
  // What a file says it is counts for more than what it is called.
  if (manifests.has(path)) return manifest;
  return placeSorts.find((candidate) => candidate.path.test(path))?.what ?? "file";
}
