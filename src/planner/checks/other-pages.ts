import type { LocalText } from "./types.ts";

/** What a code beside the catalogue and the inventory's own means, and how it is mended. */
export interface OtherPage {
  readonly meaning: LocalText;
  readonly mend: LocalText;
}

type Row = readonly [en: string, zh: string, mendEn: string, mendZh: string];

const ROWS: Readonly<Record<string, Row>> = {
  "BSL-MISSING": [
    "The baseline file that `--baseline` names is not there, so it lets nothing in.",
    "`--baseline` 指定的基线文件不存在，未放行任何问题。",
    "Write it with `--update-baseline`, and commit it.",
    "使用 `--update-baseline` 生成并提交该文件。",
  ],
  "BSL-UNREADABLE": [
    "The baseline file cannot be read, is damaged, or is no baseline. It lets nothing in and is not written over.",
    "基线文件无法读取、已损坏或并非基线文件；不放行任何问题，也不会被覆盖。",
    "Take it from version control; or delete it and write it anew with `--update-baseline`.",
    "从版本库恢复；或删除后用 `--update-baseline` 重新生成。",
  ],
  "CHK-UNKNOWN-CODE": [
    "A `checks.yaml` weighs a code that no check reports, or one that keeps its weight.",
    "`checks.yaml` 为不存在或不可更改级别的代码设定了级别。",
    "Write the code as `sitewright validate` prints it, or take the line out.",
    "按 `sitewright validate` 输出的代码填写，或删除该行。",
  ],
  "CHK-UNKNOWN-PACK": [
    "A `checks.yaml` turns on a pack that there is not.",
    "`checks.yaml` 启用了不存在的标准包。",
    "Write one of the names that the finding lists, or add the pack under `policies/packs/`.",
    "使用提示中列出的名称，或在 `policies/packs/` 下添加该标准包。",
  ],
  "OWN-LOAD": [
    "A file in `checks/` could not be loaded, so its checks did not run.",
    "`checks/` 中的文件无法加载，其检查未运行。",
    "Mend the file; `node checks/NAME.ts` shows the same error.",
    "修复该文件；`node checks/NAME.ts` 会显示同样的错误。",
  ],
  "OWN-NONE": [
    "A file in `checks/` exports no check.",
    "`checks/` 中的文件没有导出检查。",
    "Write `export const check = ownCheck({ … })`, or move the file elsewhere.",
    "写 `export const check = ownCheck({ … })`，或把文件移到别处。",
  ],
  "OWN-THREW": [
    "A check of the workspace's own threw, so it said nothing of that site.",
    "工作区自有检查抛出异常，未能评估该站点。",
    "Mend the check; try it with `findingsOf` of `sitewright/checks`.",
    "修复该检查；可用 `sitewright/checks` 的 `findingsOf` 测试。",
  ],
  "OWN-TWICE": [
    "Two checks of the workspace's own have one id; the first one ran.",
    "两个自有检查使用同一编号；仅运行第一个。",
    "Give one of them another id.",
    "为其中一个换编号。",
  ],
  "WVR-EXPIRED": [
    "A waiver is past its last day: the finding that it covered counts again.",
    "豁免已过期，所覆盖的问题重新计入。",
    "Mend what it waived and remove it, or have it approved again with a later `expires:`.",
    "修复问题并删除该豁免，或重新审批并延长 `expires:`。",
  ],
  "WVR-UNUSED": [
    "A waiver matches no finding: what it covered is mended, or it names something else.",
    "豁免未匹配任何问题：问题已修复，或范围写错。",
    "Remove it, or correct its `scope:` and `match:`.",
    "删除该豁免，或更正 `scope:` 与 `match:`。",
  ],
  "WVR-UNKNOWN-CODE": [
    "A waiver is for a code that no check reports.",
    "豁免的代码不存在。",
    "Write the code as `sitewright validate` prints it.",
    "按 `sitewright validate` 输出的代码填写。",
  ],
  "CFG-ACCESS-LOST": [
    "After some command of a change the device could no longer be reached for management.",
    "变更中的某条命令会切断管理通路。",
    "Change the way in first, by another address or port, and what depends on it afterwards.",
    "先改通另一条管理通路，再改依赖它的部分。",
  ],
  "CFG-ACCESS-UNPROVED": [
    "Nothing is proved about the way in: no management address was given, or it cannot be followed on this platform.",
    "无法证明管理通路不受影响：未给出管理来源地址，或该平台不支持。",
    "Give `--management ADDRESS`.",
    "使用 `--management 地址`。",
  ],
  "CFG-MOVE-UNPROVED": [
    "The change takes the address away that the device is managed at, and nothing proves that it answers at the new one.",
    "变更会移除设备的管理地址，而无法证明设备会在新地址应答。",
    "Write down who manages it (`allowedFrom`, or a jump host); or give it a second address first, and then move.",
    "填写管理来源（`allowedFrom` 或跳板机）；或先增加第二个地址，再迁移。",
  ],
  "CFG-CYCLE": [
    "Two changes need each other first: there is no order that keeps every reference whole.",
    "两处变更互为前提，找不到引用始终完整的顺序。",
    "Do it in two pushes, with a step between that both allow.",
    "分两次下发，中间加一个双方都允许的步骤。",
  ],
  "CFG-ORPHANED": [
    "The change takes away something (an access list, a VLAN, a group) that a line outside the claims still uses. Devices then open the filter, stop the port or refuse the change.",
    "变更会删除仍被非托管配置行引用的对象（访问列表、VLAN、对象组），设备可能因此放行流量、停用端口或拒绝变更。",
    "Take that line away by hand first, or bring it into the inventory with `sitewright adopt`.",
    "先手工删除该行，或用 `sitewright adopt` 将其纳入清单。",
  ],
  "CFG-LINE-REPLACED": [
    "Two lines of one text stand for one setting: the later one counts, as on a device, and the earlier one is not compared.",
    "同一份配置中有两行表示同一项设置：与设备一样，以后一行为准，前一行不参与比较。",
    "Keep one of the two. Where a device shows both, the table of its platform is wrong: report it.",
    "保留其中一行；若设备确实同时显示两行，说明该平台的规则表有误，请反馈。",
  ],
  "CFG-STEPS-UNPROVED": [
    "A change of a firewall has so many steps that not every moment between them was looked at.",
    "变更步骤过多，未能逐一证明中间状态对流量的影响。",
    "Split the change into several pushes.",
    "把变更拆成几次下发。",
  ],
  "CFG-UNSAFE-STEP": [
    "After some command a reference dangles, or a flow is open that neither the old nor the new state permits.",
    "某条命令之后会出现悬空引用，或放开新旧状态都不允许的流量。",
    "Do it in two pushes: first what closes, then what opens.",
    "分两次下发：先关闭，后开放。",
  ],
  "CFG-OTHER-PLATFORM": [
    "The text looks like the configuration of another platform.",
    "该文本像是另一平台的配置。",
    "Give the platform that the hint names.",
    "按提示指定平台。",
  ],
  "CFG-BRACES": [
    "A brace of the configuration has no other half: the text is cut off, or was edited.",
    "配置中的花括号不成对：文本被截断或被改动。",
    "Read the whole configuration again.",
    "重新读取完整配置。",
  ],
  "CFG-SECTIONS": [
    "A section of the configuration is opened and not closed, or the other way round.",
    "配置段未正确开始或结束。",
    "Read the whole configuration again.",
    "重新读取完整配置。",
  ],
  "CFG-UNTERMINATED": [
    "A text of several lines, such as a banner, is never closed: the rest may be swallowed.",
    "多行文本（如 banner）未结束，其后内容可能被吞掉。",
    "Read the whole configuration again.",
    "重新读取完整配置。",
  ],
  "CHG-ACCESS": [
    "Whether management survives the change was not proved, or it would not.",
    "未能证明变更后管理仍可达，或将不可达。",
    "Look at the rule for management; a push is undone by the device itself if it is cut off.",
    "检查管理放行规则；若被切断，设备会自动回退。",
  ],
  "DRV-UNSUPPORTED": [
    "The inventory asks for something that the platform cannot express. It is refused, never dropped.",
    "清单要求了该平台无法表达的内容，予以拒绝而不会忽略。",
    "Take it out of the inventory for this device, or use a model that has it.",
    "从该设备的清单中去掉，或换用支持的型号。",
  ],
  "DRV-NEEDS-PACKAGE": [
    "A service is rendered that works only where a package is installed.",
    "所生成的服务需要安装软件包才能工作。",
    "Install the package that the hint names.",
    "安装提示中的软件包。",
  ],
  "FLT-CONDITION": [
    "A condition of a filter cannot be modelled exactly: it may match for a permit and never counts for a deny.",
    "过滤条件无法精确建模：放行时按可能匹配，拒绝时不计入。",
    "Replace it by addresses and ports where an exact answer is needed.",
    "需要精确结论时改用地址与端口。",
  ],
  "FLT-REFUSED": [
    "A construction of a filter is not analysed: its answers are unknown.",
    "过滤中的某种写法不予分析，结论为未知。",
    "Write it without the construction that the message names.",
    "改用不含该写法的规则。",
  ],
  "FLT-UNREAD": [
    "A line of a filter could not be read: the rule may match any packet.",
    "过滤中有一行无法读取，该规则可能匹配任意报文。",
    "Check the spelling of the line.",
    "检查该行的写法。",
  ],
  "GATE-NO-PLAN": [
    "The site takes approved plans only, and no plan was given.",
    "该站点只接受已审批的计划，而未提供计划。",
    "`sitewright plan SITE --out plan.json`, have it approved, then `sitewright apply --plan plan.json`.",
    "先 `sitewright plan SITE --out plan.json`，审批后 `sitewright apply --plan plan.json`。",
  ],
  "GATE-NO-APPROVAL": [
    "Nobody approved exactly this plan.",
    "没有人批准过这份计划。",
    "Ask a colleague for `sitewright approve --plan plan.json`.",
    "请同事执行 `sitewright approve --plan plan.json`。",
  ],
  "GATE-OWN-APPROVAL": [
    "Who pushes is who approved.",
    "下发人与审批人为同一人。",
    "Let another person approve.",
    "由另一人审批。",
  ],
  "GATE-APPROVAL-EXPIRED": [
    "The approval of this plan is over.",
    "该计划的审批已过期。",
    "Plan again, and have it approved again.",
    "重新计划并重新审批。",
  ],
  "GATE-UNPROVED": [
    "The plan was approved, but nobody is proved to have done it: no signature of an allowed signer, no review.",
    "计划虽已批准，但无法证明是谁批准的：既无许可签名人的签名，也无评审。",
    "Sign it: `sitewright approve --plan plan.json --key KEY`, with a key that the base branch lists in `policies/allowed_signers`.",
    "用基线分支 `policies/allowed_signers` 所列的密钥签名：`sitewright approve --plan plan.json --key 密钥`。",
  ],
  "GATE-AUTHOR-UNPROVED": [
    "Enough people signed, but one of them may be the author: who wrote the plan is not proved.",
    "签名人数已够，但作者身份未被证明，其中一人可能就是作者。",
    "The author applies with `--key`, or types `sitewright approve --plan plan.json --author`; or one more person approves.",
    "作者以 `--key` 下发，或执行 `sitewright approve --plan plan.json --author`；或再由一人审批。",
  ],
  "GATE-SECOND-PERSON": [
    "A special change (特殊变更) wants two persons beside its author.",
    "特殊变更须由作者以外的两人审批。",
    "A second person types `sitewright approve --plan plan.json`; one key or one name counts once.",
    "由第二人执行 `sitewright approve --plan plan.json`；同一密钥或同一姓名只计一次。",
  ],
  "GATE-EMERGENCY-INCOMPLETE": [
    "An emergency must name its ticket and its reason.",
    "紧急变更须写明工单与原因。",
    "`sitewright approve --plan plan.json --emergency --ticket INC-1 --reason TEXT`",
    "`sitewright approve --plan plan.json --emergency --ticket INC-1 --reason 原因`",
  ],
  "GATE-BASE-MOVED": [
    "What was approved assumed devices in another state than they are in now.",
    "批准时所依据的设备状态与现状不同。",
    "Plan again with the devices at hand, and have that plan approved.",
    "连接设备重新计划，并重新审批。",
  ],
  "APPROVAL-UNPROVED": [
    "The approval is a name that nobody can prove; it opens the gate of practice sites (`binding: lab`) only.",
    "该审批只是一个无法证明的姓名，仅对练习站点（`binding: lab`）有效。",
    "Commit `policies/allowed_signers` to the base branch, and approve with `--key`.",
    "在基线分支提交 `policies/allowed_signers`，并以 `--key` 审批。",
  ],
  "APPROVAL-REFUSED": [
    "The signature does not hold, so nothing was recorded.",
    "签名无效，未记录任何内容。",
    "Sign with a key that is allowed and valid, under the name beside it.",
    "使用已许可且有效的密钥，并以其对应的姓名签名。",
  ],
  "APPROVAL-REVIEW": [
    "A review on the forge does not count as an approval.",
    "代码平台上的某条评审不能算作审批。",
    "Let somebody who wrote none of the commits approve the head of the request.",
    "由未参与任何提交的人批准合并请求的最新提交。",
  ],
  "AUDIT-EDITED": [
    "An entry of the audit log is not what it was.",
    "审计日志的某条目已被改动。",
    "Compare with a copy of the log, and keep the damaged file as evidence.",
    "与副本比对，并保留受损文件作为证据。",
  ],
  "AUDIT-GAP": [
    "Entries of the audit log are missing.",
    "审计日志缺少条目。",
    "Compare with a copy of the log, and keep the damaged file as evidence.",
    "与副本比对，并保留受损文件作为证据。",
  ],
  "AUDIT-ORDER": [
    "An entry of the audit log stands in another place.",
    "审计日志的条目顺序被改动。",
    "Compare with a copy of the log, and keep the damaged file as evidence.",
    "与副本比对，并保留受损文件作为证据。",
  ],
  "AUDIT-TORN": [
    "A line of the audit log is no entry.",
    "审计日志中有一行不是条目。",
    "Compare with a copy of the log; what a killed process left is in a file beside it.",
    "与副本比对；被中断的进程留下的残行另存于旁边的文件。",
  ],
  "AUDIT-TRUNCATED": [
    "The audit log ends before the entry that its head names.",
    "审计日志在链头所指条目之前即已结束。",
    "Compare with a copy of the log, and keep the damaged file as evidence.",
    "与副本比对，并保留受损文件作为证据。",
  ],
  "AUDIT-HEAD": [
    "The head of the audit log is missing, or its signature does not hold.",
    "审计日志的链头缺失，或其签名无效。",
    "Check `audit.key` and `audit.as` in `.sitewright/config.json`, and the key's line in `policies/allowed_signers`.",
    "检查 `.sitewright/config.json` 中的 `audit.key`、`audit.as`，以及 `policies/allowed_signers` 中该密钥的行。",
  ],
  "AUDIT-UNPROVED": [
    "The log is unbroken, but something of it rests on trust alone: no signature, or no head kept apart.",
    "日志未断，但部分内容只能凭信任：没有签名，或没有另存的链头。",
    "Set `audit.key`, `audit.as` and `audit.anchor` in `.sitewright/config.json`.",
    "在 `.sitewright/config.json` 中设置 `audit.key`、`audit.as` 与 `audit.anchor`。",
  ],
  "GATE-FROZEN": [
    "The site is frozen: no change until the last day of the freeze.",
    "站点处于冻结期，期满前不得变更。",
    "Push after the freeze; only an emergency passes it.",
    "冻结期后再下发；仅紧急变更可放行。",
  ],
  "GATE-OUTSIDE-WINDOW": [
    "No change window of the site is open now.",
    "当前不在变更窗口内。",
    "Wait for the window, or have the plan approved with `--outside-window REASON`.",
    "等待窗口，或以 `--outside-window 理由` 审批。",
  ],
  "GATE-ALTERED-PLAN": [
    "The plan's file was changed after it was made.",
    "计划文件在生成后被改动。",
    "Plan again.",
    "重新计划。",
  ],
  "PLAN-NO-DRIVER": [
    "The device's platform cannot be rendered and pushed.",
    "该平台尚不能生成与下发配置。",
    "Set a platform that `sitewright doctor` lists as full.",
    "改用 `sitewright doctor` 标为 full 的平台。",
  ],
  "PRV-OPEN-REQUEST": [
    "Another open request takes the same address, VLAN id, port or asset of this site, or a prefix that overlaps.",
    "另一个未合并的请求占用了本站点相同的地址、VLAN 编号、端口或资产，或重叠的网段。",
    "Agree with its author who takes another; whoever is merged second would meet it as an error.",
    "与其作者商定由谁更换；后合并者会遇到错误。",
  ],
  "PRV-OPEN-UNSEEN": [
    "Some open requests were not looked at: their heads are not in this clone, or there are too many.",
    "部分未合并的请求未被查看：其提交不在本克隆中，或数量过多。",
    "Fetch the heads that the hint names.",
    "获取提示中列出的引用。",
  ],
  "PRV-STATE-IN-GIT": [
    "A branch holds .sitewright, the private folder of a workspace; results kept in it were not believed.",
    "分支中提交了工作区的私有目录 .sitewright；其中的缓存未被采用。",
    "git rm -r --cached .sitewright, and put .sitewright/ into .gitignore.",
    "执行 git rm -r --cached .sitewright，并将 .sitewright/ 写入 .gitignore。",
  ],
  "PLAN-OPEN-PUSH": [
    "An earlier push of this device was not finished.",
    "该设备上次下发未完成。",
    "`sitewright resume DEVICE` finishes or undoes it.",
    "执行 `sitewright resume 设备` 以完成或撤销。",
  ],
  "REVERT-OUTSIDE": [
    "A drift is outside of what we manage on the device, and stays.",
    "该漂移在托管范围之外，保持不动。",
    "Undo it on the device, or set `ownership: full`.",
    "在设备上撤销，或设 `ownership: full`。",
  ],
  "REVERT-PENDING": [
    "The inventory has changed since the last apply, so reverting would bring more than the old state.",
    "清单在上次下发后已改变，直接还原会带入新变更。",
    "Apply: it brings the new intent and undoes the drift.",
    "执行 apply：下发新意图并消除漂移。",
  ],
};

/** Pages of codes that come from planning, filters, the gate and waivers, by code. */
export const OTHER_PAGES: ReadonlyMap<string, OtherPage> = new Map(
  Object.entries(ROWS).map(([code, [en, zh, mendEn, mendZh]]) => [
    code,
    { meaning: { en, zh }, mend: { en: mendEn, zh: mendZh } },
  ]),
);
