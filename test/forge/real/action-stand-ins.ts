import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type RealGitea, ROOT } from "./gitea-server.ts";

interface Action {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly script: string;
}

/** Puts on a Gitea, below `actions/`, what the workflow files use of GitHub's: the same names and inputs, in a few lines of
 *  shell, because the real ones are not to be had without a network.
 *  @param store - folder that keeps the artifacts */
export async function addActions(gitea: RealGitea, store: string): Promise<void> {
  await gitea.asRoot("POST", "/orgs", { username: "actions" });
  for (const action of actions(store)) {
    await gitea.asRoot("POST", "/orgs/actions/repos", { name: action.name });
    const folder = mkdtempSync(join(tmpdir(), "sitewright-action-"));
    const git = (...args: readonly string[]): void => {
      execFileSync("git", ["-c", "user.email=a@example.net", "-c", "user.name=a", ...args], {
        cwd: folder,
        stdio: "ignore",
      });
    };
    git("init", "-q", "-b", "main");
    writeFileSync(join(folder, "action.yml"), manifest(action));
    git("add", "-A");
    git("commit", "-q", "-m", "action");
    for (const tag of ["v3", "v4"]) git("tag", tag);
    git("push", "-q", "--tags", gitea.remote(ROOT, `actions/${action.name}`), "main");
    rmSync(folder, { recursive: true });
  }
}

function actions(store: string): Action[] {
  return [
    {
      name: "checkout",
      inputs: { ref: "", "fetch-depth": "1", "persist-credentials": "true", token: "${{ github.token }}" },
      script: `git init -q .
git remote add origin "$SERVER"
login="http.extraheader=authorization: basic $(printf 'x-access-token:%s' "$IN_TOKEN" | base64 -w0)"
git -c "$login" fetch -q origin "\${IN_REF:-$SHA}"
git checkout -q FETCH_HEAD
if [ "$IN_PERSIST_CREDENTIALS" = true ]; then git config "\${login%%=*}" "\${login#*=}"; fi
`,
    },
    { name: "setup-node", inputs: { "node-version": "24" }, script: "node --version\n" },
    {
      name: "upload-artifact",
      inputs: { name: "", path: "" },
      script: `mkdir -p "${store}/$IN_NAME"\ncp -r "$IN_PATH/." "${store}/$IN_NAME"\n`,
    },
    {
      name: "download-artifact",
      inputs: { name: "", path: "" },
      script: `mkdir -p "$IN_PATH"\ncp -r "${store}/$IN_NAME/." "$IN_PATH"\n`,
    },
  ];
}

function manifest({ name, inputs, script }: Action): string {
  const variable = (input: string): string => `IN_${input.replaceAll("-", "_").toUpperCase()}`;
  const given = Object.keys(inputs).map((input) => [variable(input), `\${{ inputs.${input} }}`]);
  return stringify({
    name,
    inputs: Object.fromEntries(Object.entries(inputs).map(([input, text]) => [input, { default: text }])),
    runs: {
      using: "composite",
      steps: [
        {
          shell: "bash",
          env: {
            ...Object.fromEntries(given),
            SHA: "${{ github.sha }}",
            SERVER: "${{ github.server_url }}/${{ github.repository }}",
          },
          run: script,
        },
      ],
    },
  });
}
