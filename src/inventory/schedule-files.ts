import type { NewFile } from "./new-workspace.ts";

/** What can start the night job. */
export const SCHEDULERS = ["cron", "systemd", "github", "kubernetes"] as const;
export type Scheduler = (typeof SCHEDULERS)[number];

/** The files that start the drift job every night, and every quarter of an hour send what is overdue or owed. Secrets stand
 *  in none of them.
 *  @param folder - absolute path of the workspace on the machine that runs the job */
export function scheduleFiles(scheduler: Scheduler, folder: string): NewFile[] {
  switch (scheduler) {
    case "cron":
      return [{ path: "schedule/sitewright.cron", content: cronFile(folder) }];
    case "systemd":
      return [
        { path: "schedule/sitewright-drift.service", content: service(folder, "drift", DRIFT) },
        { path: "schedule/sitewright-drift.timer", content: timer("drift", "*-*-* 02:15:00") },
        { path: "schedule/sitewright-send.service", content: service(folder, "send", SEND) },
        { path: "schedule/sitewright-send.timer", content: timer("send", "*:0/15") },
      ];
    case "github":
      return [{ path: ".github/workflows/sitewright-drift.yml", content: GITHUB }];
    case "kubernetes":
      return [{ path: "schedule/sitewright-cronjobs.yaml", content: KUBERNETES }];
  }
}

/** What a person does with the files, in one line. */
export function scheduleHint(scheduler: Scheduler): string {
  switch (scheduler) {
    case "cron":
      return "crontab -n schedule/sitewright.cron, then add its lines with crontab -e";
    case "systemd":
      return "useradd --system sitewright, install -d -o sitewright .sitewright, copy schedule/sitewright-*.* to /etc/systemd/system, then systemctl enable --now sitewright-drift.timer sitewright-send.timer";
    case "github":
      return "commit it, and give a self-hosted runner that reaches the devices the label sitewright";
    case "kubernetes":
      return "kubectl apply -f schedule/sitewright-cronjobs.yaml";
  }
}

const DRIFT =
  "drift --alert --wait 600 --metrics .sitewright/drift.prom --heartbeat .sitewright/heartbeat.json --no-color";
const SEND = "incidents send --no-color";

function cronFile(folder: string): string {
  // To cron a % is a new line: it wants a backslash, also within quotes.
  const start =
    `cd ${shellQuoted(folder)} && set -a && . "$HOME/.config/sitewright.env" && set +a`.replaceAll(
      "%",
      "\\%",
    );
  return `# The night job. Look at it with: crontab -n schedule/sitewright.cron
# Secrets come from ~/.config/sitewright.env (NAME=value a line, mode 0600); cron mails what the job prints.
# Exit code 2 means that drift was found: the alerts have told it.
SHELL=/bin/sh
PATH=/usr/local/bin:/usr/bin:/bin
15 2 * * * ${start} && node_modules/.bin/sitewright ${DRIFT}
*/15 * * * * ${start} && node_modules/.bin/sitewright -q ${SEND} > /dev/null
`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function service(folder: string, name: string, command: string): string {
  // To systemd a % begins a specifier; quotes and backslashes are its own.
  const path = folder.replaceAll("%", "%%");
  const quoted = path.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `[Unit]
Description=Sitewright: ${name === "drift" ? "compare every device with what was applied" : "send what is overdue or owed"}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=sitewright
WorkingDirectory=${path}
# Secrets, NAME=value a line, mode 0600.
EnvironmentFile=-/etc/sitewright/night.env
ExecStart=/usr/bin/env node_modules/.bin/sitewright ${command}
# Exit code 2 means that drift was found: the alerts have told it, the job did not fail.
SuccessExitStatus=2
TimeoutStartSec=4h
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
# It must be there and be owned by the user, or the service ends with 226: install -d -o sitewright .sitewright
ReadWritePaths="${quoted}/.sitewright"
UMask=0077
`;
}

function timer(name: string, when: string): string {
  return `[Unit]
Description=Sitewright: start ${name}

[Timer]
OnCalendar=${when}
# A machine that was off at the time catches up.
Persistent=true
RandomizedDelaySec=${name === "drift" ? "5min" : "30s"}

[Install]
WantedBy=timers.target
`;
}

const GITHUB = `# The night job, on a runner of your own that reaches the devices: GitHub's runners do not, and must not.
#
# The workspace stays on the runner between two nights (clean: false): .sitewright/ holds the receipts and the archive that
# drift compares with. With SITEWRIGHT_STORE_URL all that lives in PostgreSQL, with the incidents, and a fresh clone will do.
# Name under env what your inventory's references (env:NAME@1) need, each from a secret of this repository.
name: sitewright drift

on:
  schedule:
    - cron: "15 18 * * *" # UTC
  workflow_dispatch: {}

permissions:
  contents: read

concurrency:
  group: sitewright-drift
  cancel-in-progress: false

jobs:
  drift:
    runs-on: [self-hosted, sitewright]
    timeout-minutes: 240
    env:
      SITEWRIGHT_STORE_URL: \${{ secrets.SITEWRIGHT_STORE_URL }}
      SITEWRIGHT_FINGERPRINT_KEY: \${{ secrets.SITEWRIGHT_FINGERPRINT_KEY }}
      SITEWRIGHT_HEARTBEAT_URL: \${{ secrets.SITEWRIGHT_HEARTBEAT_URL }}
    steps:
      - uses: actions/checkout@v4
        with:
          clean: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci --ignore-scripts
      # Exit code 2 means that drift was found: the alerts have told it, the job did not fail.
      - run: |
          code=0
          npx --no-install sitewright ${DRIFT} || code=$?
          if [ "$code" -eq 2 ]; then exit 0; fi
          exit "$code"
`;

const KUBERNETES = `# The night job as two CronJobs. The volume holds a clone of the workspace with its packages installed (npm ci): keep it
# up to date as you do with other clones. The secret sitewright-night holds what the inventory's references
# (env:NAME@1) need, and SITEWRIGHT_STORE_URL and SITEWRIGHT_FINGERPRINT_KEY where several machines share the stores.
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: sitewright-workspace
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 5Gi
---
${cronJob("drift", "15 2 * * *", 14_400, DRIFT)}---
${cronJob("send", "*/15 * * * *", 600, SEND)}`;

function cronJob(name: string, schedule: string, deadlineSeconds: number, command: string): string {
  return `apiVersion: batch/v1
kind: CronJob
metadata:
  name: sitewright-${name}
spec:
  schedule: "${schedule}"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 7
  jobTemplate:
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: ${deadlineSeconds}
      template:
        spec:
          restartPolicy: Never
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 1000
            fsGroup: 1000
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: sitewright
              image: node:24-slim
              workingDir: /workspace
              # Exit code 2 means that drift was found: the alerts have told it, the job did not fail.
              command:
                - /bin/sh
                - -c
                - node_modules/.bin/sitewright ${command} || [ "$?" -eq 2 ]
              envFrom:
                - secretRef:
                    name: sitewright-night
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop: [ALL]
              volumeMounts:
                - name: workspace
                  mountPath: /workspace
          volumes:
            - name: workspace
              persistentVolumeClaim:
                claimName: sitewright-workspace
`;
}
