import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { type Desk, openDesk } from "./real-desk.ts";

const reason = await whyNoLab();
const SERVER = "srv-practice";
const FILE = "inventory/harbour-dental/main/servers/srv-practice.yaml";
const RESTIC = "/etc/sitewright/backup/records.nas-1.password";
const DROP_IN = "/etc/ssh/sshd_config.d/00-sitewright.conf";
const key = (letter: string, name: string): string =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEz8tWqkX0mM6yqvB3nX1J8u8m1kq0C6v5o4n3m2l1k${letter} ${name}`;

/** A Debian package that nothing else has, built where it is installed. */
const PACKAGE = [
  "mkdir -p /tmp/p/DEBIAN",
  'printf "Package: night-tool\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: lena <lena@example.net>\\nDescription: tool\\n" > /tmp/p/DEBIAN/control',
  "dpkg-deb --build /tmp/p /tmp/p.deb",
  "sudo dpkg -i /tmp/p.deb",
].join(" && ");

describe.skipIf(reason)(
  titled("what somebody did on a real Linux server, taken into the inventory", reason),
  { timeout: 300_000 },
  () => {
    let desk: Desk;
    beforeAll(async () => {
      desk = await openDesk([SERVER]);
    }, 300_000);
    afterAll(() => desk?.close());

    test("options of sshd, accounts, files, time, packages and services at once: a plan of the branch sends nothing but our mark", async () => {
      await desk.lena(
        SERVER,
        `sudo sed -i 's/^\\(Password\\|KbdInteractive\\)Authentication no/\\1Authentication yes/' ${DROP_IN}`,
        `echo 'allowusers bob' | sudo tee -a ${DROP_IN}`,
        "sudo useradd -m -s /bin/bash bob",
        `sudo mkdir ~bob/.ssh && echo '${key("9", "bob@desk")}' | sudo tee ~bob/.ssh/authorized_keys`,
        `echo '${key("7", "jane laptop")}' | sudo tee -a ~jane/.ssh/authorized_keys`,
        "sudo sed -i 's/^Harbour Dental:/Harbour Dental Practice:/' /etc/motd && sudo chmod 640 /etc/motd",
        "echo '0 3 * * * root /usr/bin/true' | sudo tee /etc/cron.d/tidy",
        "sudo sed -i '2i server 198.51.100.99 iburst' /etc/chrony/sources.d/sitewright.sources",
        PACKAGE,
        "sudo update-rc.d cron disable",
      );
      const trip = await desk.roundTrip(SERVER);
      expect(trip.lines).toEqual([
        `+      - ${key("7", "jane laptop")}`,
        "+  bob:",
        "+    role: operator",
        "+    keys:",
        `+      - ${key("9", "bob@desk")}`,
        "-  add: [restic]",
        "+  add: [restic, night-tool]",
        "-      Harbour Dental: patient records. Every login is logged.",
        "+      Harbour Dental Practice: patient records. Every login is logged.",
        '+    mode: "0640"',
        "+  /etc/cron.d/tidy:",
        "+    content: |",
        "+      0 3 * * * root /usr/bin/true",
        "-  cron: {}",
        "+  cron: {enabled: false}",
        "+ntp: [198.51.100.99, 198.51.100.123]",
        "+daemons:",
        "+  sshd:",
        "+    passwordAuthentication: true",
      ]);
      expect(trip.adopted.files).toEqual([FILE]);
      expect(trip.adopted.respelled).toEqual(["account bob", `file ${DROP_IN}`]);
      expect(trip.message).toContain("Changed-on-device-by: lena");
      const said = trip.commands.join("\n");
      expect(said).toContain("bob");
      expect(said).toContain(DROP_IN);
      expect(said).not.toMatch(/motd|tidy|chrony|night-tool|update-rc\.d|jane@/);
      expect(trip.comment).toContain("srv-practice");
    });

    test("once applied, what went away again by hand leaves the inventory too", async () => {
      const branch = desk.repository.git("branch", "--list", "--format=%(refname:short)", "adopt/*").trim();
      desk.repository.git("merge", "-q", "--no-ff", "-m", "Adopted", branch);
      await desk.apply(SERVER);
      await desk.lena(
        SERVER,
        "sudo userdel -r bob",
        `sudo sed -i 's/ bob / /' ${DROP_IN}`,
        "sudo sed -i '/laptop/d' ~jane/.ssh/authorized_keys",
        "sudo rm /etc/cron.d/tidy",
        "sudo dpkg -r night-tool",
        "sudo update-rc.d cron enable",
      );
      const trip = await desk.roundTrip(SERVER, "--branch", "adopt/gone");
      expect(trip.commands).toEqual([]);
      expect(trip.adopted.respelled).toEqual([]);
      expect(trip.lines.filter((line) => line.startsWith("-"))).toEqual([
        `-      - ${key("7", "jane laptop")}`,
        "-  bob:",
        "-    role: operator",
        "-    keys:",
        `-      - ${key("9", "bob@desk")}`,
        "-  add: [restic, night-tool]",
        "-  /etc/cron.d/tidy:",
        "-    content: |",
        "-      0 3 * * * root /usr/bin/true",
        "-  cron: {enabled: false}",
      ]);
      expect(trip.lines.filter((line) => line.startsWith("+"))).toEqual([
        "+  add: [restic]",
        "+  cron: {enabled: true}",
      ]);
      desk.repository.git("merge", "-q", "--no-ff", "-m", "Gone", "adopt/gone");
      const again = await desk.adopt(SERVER);
      expect(again).toMatchObject({ code: 1 });
      expect(again.result.refused).toEqual([
        "the inventory says already what runs there; apply it, so that it counts as ours",
      ]);
    });

    /** Edits that cannot be taken over, each with its reason; all of them stand in one answer. */
    const REFUSED: readonly (readonly [string, readonly (readonly [string, RegExp, string])[]])[] = [
      [
        "secrets, whatever the inventory has no word for, and what other parts of it need",
        [
          [
            "sudo useradd -m -s /bin/bash eve && printf '%s\\n' 'eve:canary-7f3a' | sudo chpasswd",
            /login eve: it has a password, .*sudo passwd -l eve.*users\.eve\.password: env:NAME@1/,
            "sudo userdel -r eve",
          ],
          [
            "sudo usermod -s /bin/sh jane",
            /account jane: .*knows one shell, \/bin\/bash; shell \/bin\/sh runs there/,
            "sudo usermod -s /bin/bash jane",
          ],
          [
            "printf 'db_password = canary-7f3a\\n' | sudo tee /etc/cron.d/dump && sudo chmod 644 /etc/cron.d/dump",
            /cron dump: line 1 holds what is or could be a secret; the inventory's files hold no secrets/,
            "sudo rm /etc/cron.d/dump",
          ],
          [
            "echo '1 1 * * * root /usr/bin/true' | sudo tee /etc/cron.d/quiet && sudo chmod 600 /etc/cron.d/quiet",
            /cron quiet: only its owner may read it/,
            "sudo rm /etc/cron.d/quiet",
          ],
          [
            `sudo cp -p ${RESTIC} /root/kept && echo canary-other | sudo tee ${RESTIC}`,
            /records\.nas-1\.password: Sitewright writes this file whole from other parts/,
            `sudo cp -p /root/kept ${RESTIC}`,
          ],
          [
            `echo 'MaxAuthTries 9' | sudo tee -a ${DROP_IN}`,
            /sshd \/ maxauthtries: the inventory has no word .*under files/i,
            `sudo sed -i /MaxAuthTries/d ${DROP_IN}`,
          ],
          [
            "sudo apt-mark auto restic",
            /package restic: the backup of this server needs it/,
            "sudo apt-mark manual restic",
          ],
        ],
      ],
      [
        "a password of an account, and one half of what lets passwords in",
        [
          [
            "printf '%s\\n' 'jane:canary-7f3a' | sudo chpasswd",
            /account jane: a password never stands in the YAML/,
            "sudo passwd -l jane",
          ],
          [
            `sudo sed -i 's/^PasswordAuthentication yes/PasswordAuthentication no/' ${DROP_IN}`,
            /are one word of the inventory, passwordAuthentication/,
            `sudo sed -i 's/^PasswordAuthentication no/PasswordAuthentication yes/' ${DROP_IN}`,
          ],
        ],
      ],
      [
        "the group sudo without the line that an admin has, and that everybody may log in",
        [
          [
            "sudo usermod -aG sudo jane",
            /account jane: .*a line in \/etc\/sudoers\.d\/sitewright.*more than was given/,
            "sudo gpasswd -d jane sudo",
          ],
          [
            `sudo sed -i 's/^AllowUsers/#AllowUsers/' ${DROP_IN}`,
            /sshd \/ allowusers: everybody may log in now/,
            `sudo sed -i 's/^#AllowUsers/AllowUsers/' ${DROP_IN}`,
          ],
        ],
      ],
      [
        "what a check forbids",
        [
          [
            `sudo sed -i 's/^PermitRootLogin no/PermitRootLogin prohibit-password/' ${DROP_IN}`,
            /CRD-001 srv-practice lets root log in/,
            `sudo sed -i 's/^PermitRootLogin .*/PermitRootLogin no/' ${DROP_IN}`,
          ],
        ],
      ],
    ];

    test.each(REFUSED)(
      "%s: refused with the way to do it, no branch, no secret told",
      async (_title, edits) => {
        await desk.lena(SERVER, ...edits.map(([edit]) => edit));
        const branches = desk.repository.git("branch", "--list");
        const { code, result } = await desk.adopt(SERVER);
        await desk.lena(SERVER, ...edits.map(([, , undo]) => undo));
        expect(code).toBe(1);
        for (const [, why] of edits) expect(result.refused.join("\n")).toMatch(why);
        expect(JSON.stringify(result)).not.toContain("canary-");
        expect(desk.repository.git("branch", "--list")).toBe(branches);
      },
    );
  },
);
