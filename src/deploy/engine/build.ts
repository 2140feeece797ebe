import { chmod, copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFile } from "../../package-files.ts";
import { type EngineProgress, findGo, goEnvironment, runLoudly } from "./go.ts";
import { packagedDynamicProvider } from "./locate.ts";
import { ENGINE_VERSION, LANGUAGE_HOST_VERSION } from "./versions.ts";

/** Packages that the two builds compile, about: only for showing how far it is. */
const PACKAGES_ABOUT = 1900;

/** Seconds between two lines of progress. */
const PROGRESS_SECONDS = 10;

/** The pinned Go modules, with their go.sum, that the build starts from; they ship with the package. */
const MODULES = fileURLToPath(packageFile("scripts/pulumi/"));

interface Binary {
  readonly module: string;
  readonly package: string;
  readonly name: string;
  readonly version: string;
}

const BINARIES: readonly Binary[] = [
  {
    module: "cli",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    name: "pulumi",
    version: ENGINE_VERSION,
  },
  {
    module: "nodejs-host",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    name: "pulumi-language-nodejs",
    version: LANGUAGE_HOST_VERSION,
  },
];

/** Builds the engine and the Node language host as ordinary Go modules into `root/bin`.
 *  Takes three to ten minutes and, while it runs, about 5 GB in `scratch`.
 *  `SITEWRIGHT_KEEP_GO_CACHES=1` builds in Go's own caches and keeps them.
 *  @throws Error where Go cannot be had or a build fails */
export async function buildEngine(root: string, scratch: string, onProgress: EngineProgress): Promise<void> {
  const bin = join(root, "bin");
  await mkdir(bin, { recursive: true });
  await mkdir(scratch, { recursive: true });
  try {
    const go = await findGo(scratch, onProgress);
    const env = goEnvironment(scratch, { cgo: false });
    const tell = buildProgress(onProgress);
    for (const binary of BINARIES) {
      onProgress(`building ${binary.name} ${binary.version} (once; minutes)`);
      await runLoudly(go, buildArguments(binary, bin), {
        cwd: join(MODULES, binary.module),
        env,
        onLine: tell,
        timeoutMs: 45 * 60_000,
      });
    }
    await addDynamicProvider(bin);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Puts the dynamic provider of the npm package beside an engine, which finds it there. */
export async function addDynamicProvider(bin: string): Promise<void> {
  const target = join(bin, "pulumi-resource-pulumi-nodejs");
  await copyFile(packagedDynamicProvider(), target);
  await chmod(target, 0o755);
}

function buildArguments(binary: Binary, bin: string): string[] {
  const stamp = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${binary.version}`;
  return [
    "build",
    "-v",
    "-p",
    "2",
    "-trimpath",
    "-tags",
    "osusergo,grpcnotrace",
    "-ldflags",
    `-s -w -X ${stamp}`,
    "-o",
    join(bin, binary.name),
    binary.package,
  ];
}

/** Turns the build's chatter into a line every few seconds. */
function buildProgress(onProgress: EngineProgress): (line: string) => void {
  let downloads = 0;
  let packages = 0;
  let told = Date.now();
  return (line) => {
    if (line.startsWith("go: downloading ")) downloads += 1;
    else packages += 1;
    if (Date.now() - told < PROGRESS_SECONDS * 1000) return;
    told = Date.now();
    onProgress(`${downloads} modules fetched, ${packages} of about ${PACKAGES_ABOUT} packages built`);
  };
}
