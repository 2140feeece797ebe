/** The help of a command in Chinese; options by their long name (`--out`, or `-C`). */
interface ChineseHelp {
  readonly summary: string;
  readonly options?: Readonly<Record<string, string>>;
}

/** What commander writes around our words. */
export const CHINESE_WORDS: Readonly<Record<string, string>> = {
  "Usage:": "用法：",
  "Arguments:": "参数：",
  "Options:": "选项：",
  "Global Options:": "通用选项：",
  "Commands:": "命令：",
  "Examples:": "示例：",
  "display help for command": "显示帮助",
  "output the version number": "显示版本号",
};

export const CHINESE_DESCRIPTION = "以代码管理众多客户的网络：从 YAML 到设备，逐项证明，漂移点名。";

/** Options that every command takes. */
export const CHINESE_GLOBALS: Readonly<Record<string, string>> = {
  "-C": "使用该目录的工作区",
  "--json": "标准输出只写一个 JSON 文档",
  "--lang": "en 或 zh",
  "--no-color": "不用颜色",
  "--quiet": "不显示提示和进度",
  "--verbose": "显示更多细节",
  "--yes": "所有提问都回答“是”",
};

const ROLE = "只处理该角色的设备";
const BASE = "用来比较的可信版本，如 origin/main";
const HEAD = "要查看的版本";
const FORGE = {
  "--forge": "github、gitlab 或 gitea；CI 作业自知",
  "--api": "其 API 的根地址，https://gitlab.example/api/v4",
  "--repository": "owner/name；GitLab 为项目路径或编号",
};
const SIGNING = {
  "--key": "你的 SSH 密钥：证明提出计划的是你，而不是审批人",
  "--as": "该密钥对应的许可签名人",
};
const REQUEST = { "--request": "合并请求的编号", ...FORGE };

/** Every command of the catalogue; a test holds that none of its words is missing. */
export const CHINESE: Readonly<Record<string, ChineseHelp>> = {
  init: {
    summary: "新建一个可通过校验、可运行演示的工作区",
    options: {
      "--ci": "附带合并请求预览的 CI 文件：github、gitlab 或 gitea",
      "--schedule": "附带夜间任务的文件：cron、systemd、github 或 kubernetes",
    },
  },
  demo: {
    summary: "在练习设备上演示主要流程：校验、计划、下发、手工改动、漂移、恢复",
    options: {
      "--real": "在网络命名空间中使用真实守护进程（Linux，root），不用模拟器",
      "--keep": "结束后保留练习设备",
    },
  },
  validate: {
    summary: "检查格式、引用、地址规划和各项检查；不读取设备",
    options: {
      "--role": ROLE,
      "--format": "text、sarif（代码托管平台）或 junit（CI 服务器）",
      "--baseline": "文件中已知的问题放行，新问题报错",
      "--update-baseline": "把当前问题写入该文件，并去掉已修复的",
    },
  },
  render: {
    summary: "输出期望配置",
    options: { "--role": ROLE, "--out": "每台设备写一个文件，不打印" },
  },
  plan: {
    summary: "各设备将有哪些变化：命令、风险和摘要值",
    options: {
      "--role": ROLE,
      "--offline": "与最近的存档比较；不读取设备",
      "--out": "保存计划，供 approve 和 apply --plan 使用",
      "--exit-code": "有变化时退出码为 2",
      "--reveal-unchanged": "同时列出无变化的设备",
      "--watch": "离线；每次保存文件后重新计划，直到 Ctrl-C",
    },
  },
  affected: {
    summary: "分支改变了哪些站点的模型，一行一个；不读取设备",
    options: { "--base": BASE, "--head": HEAD },
  },
  preview: {
    summary: "用于合并请求：分支改变什么；离线，不读设备、不读密钥、不运行分支代码",
    options: {
      "--base": BASE,
      "--head": HEAD,
      "--format": "text、md（评论）、json 或 sarif",
      "--out": "把评论、JSON、SARIF 和代码质量报告写入该目录",
      "--pages": "与 --out 合用：写出每个受影响站点合并后的页面",
      "--post": "把评论写到合并请求上，并标记其提交；CI 作业自知是哪一个",
      "--with-open": "与其他未合并的请求对照：取自代码平台，或取自 `requests --out` 的文件",
      ...REQUEST,
      "--exit-code": "有变化时退出码为 2",
      "--no-cache": "全部重新计算",
    },
  },
  comment: {
    summary: "发布另一个作业生成的预览：评论依据 preview.json 重新写成",
    options: { "--from": "`preview --out` 写出的目录", ...REQUEST },
  },
  requests: {
    summary: "未合并的合并请求，供作业获取其分支",
    options: {
      "--out": "以 JSON 写出，供 preview --with-open 使用",
      "--refs": "只打印要获取的引用",
      ...FORGE,
    },
  },
  apply: {
    summary: "计划、审批门禁、经 Pulumi 下发、验证",
    options: {
      "--role": ROLE,
      "--all": "工作区的全部站点",
      "--plan": "只下发该计划，否则拒绝",
      "--message": "原因，记入日志",
      ...SIGNING,
      ...REQUEST,
    },
  },
  approve: {
    summary: "同意且只同意一个计划；门禁将其与计划摘要绑定",
    options: {
      "--plan": "由 plan --out 保存的计划",
      "--ticket": "变更单号",
      "--hours": "有效小时数",
      "--outside-window": "允许在变更窗口之外下发，并写明原因",
      "--reason": "原因，一并签名",
      "--author": "声明自己是作者（由他人下发时）",
      "--emergency": "紧急变更：立即放行，事后复核；须给出 --ticket 和 --reason",
      "--review": "声明已在事后复核紧急变更",
      "--key": "签名用的 SSH 密钥，须列于基线分支的 policies/allowed_signers",
      "--as": "该密钥对应的许可签名人",
    },
  },
  audit: {
    summary: "谁审批、下发、回退、解锁：list 列出，verify 校验；head 供另处保存",
    options: {
      "--site": "list：只看该站点",
      "--head": "verify：另处保存的链头（文件，或 序号:哈希）",
    },
  },
  release: { summary: "解除站点管理：Pulumi 和回执将其忘记，不触碰设备" },
  resume: { summary: "完成或撤销被中断的运行", options: { "--role": ROLE } },
  unlock: { summary: "释放失效的锁，并说明其持有者" },
  drift: {
    summary: "比较期望、上次下发与运行状态：谁绕过我们改了什么",
    options: {
      "--role": ROLE,
      "--syslog": "可能记录了修改者的 syslog 文件或目录",
      "--alert": "把待发消息发往 alerts 所列的渠道",
      "--wait": "另一个漂移任务运行时最多等待的秒数",
      "--metrics": "写 Prometheus 文本文件",
      "--heartbeat": "任务运行后写下时间",
      "--no-record": "只查看：不建事件、不加锁",
    },
  },
  incidents: {
    summary: "夜间任务的记录：list、show、ack、snooze、close；send 发送待发消息",
    options: {
      "--all": "list：包括已关闭的",
      "--until": "snooze：时长如 7d，或时间如 2027-03-01T08:00:00Z",
      "--note": "原因，随事件保存",
    },
  },
  adopt: {
    summary: "把漂移收进 YAML：一个分支、一次提交，写明是谁改的",
    options: {
      "--item": "只处理路径、值或事件号中含有该词的项",
      "--also": "允许因此改变的其他设备",
      "--branch": "分支名（默认 adopt/…，由设备和改动组成）",
      "--dry-run": "只显示将要做的编辑",
    },
  },
  revert: {
    summary: "用上次下发的状态覆盖漂移",
    options: { "--dry-run": "只显示命令", ...SIGNING },
  },
  compliance: {
    summary: "逐条对照标准：符合、不符合、未评估、已豁免",
    options: {
      "--pack": "标准包，如 mlps-3",
      "--format": "text、md、json、csv 或 html",
    },
  },
  report: {
    summary: "给业主看的报告：拓扑、区域矩阵、地址规划、端口、规则、检查、漂移、备份、合规",
    options: {
      "--format": "html、md、csv 或 json",
      "--register": "与 csv 合用：只要一张登记表，如 port-register、rule-register",
      "--out": "把文件写入该目录",
    },
  },
  handover: {
    summary: "打包属于客户的资料：页面、登记表、索引、校验和；不含密钥",
    options: { "--out": "新目录" },
  },
  graph: {
    summary: "画出站点的线缆，或各区域之间的通信",
    options: { "--zones": "画区域而不是线缆", "--format": "svg、dot 或 mermaid" },
  },
  allocate: { summary: "把地址池该分配的写入锁文件" },
  explain: { summary: "解释一个问题代码，或一个值从何而来" },
  trace: {
    summary: "一个报文在站点中的去程与回程：每一跳、规则、YAML 行、结论；不读取设备",
    options: { "--wan": "经由该 WAN 链路进出，而不是第一条" },
  },
  archive: {
    summary: "读取过的配置：list、show、diff、restore；不读取设备",
    options: {
      "--at": "show、restore：摘要的开头或时间（默认最新）",
      "--from": "diff：较旧的版本（默认最近一个不同的）",
      "--to": "diff：较新的版本（默认最新）",
      "--last": "list：每台设备只列最新的",
      "--exit-code": "diff：有差异时退出码为 2",
      "--identity": "restore：可以解密的 age 身份文件",
      "--out": "restore：完整文本写到哪里；从不覆盖",
    },
  },
  new: {
    summary: "新建站点、VLAN、设备、服务器或规则：写在该写的位置，自动选择空闲的编号和地址",
    options: {
      "--dry-run": "只显示将要写的内容",
      "--title": "site：名称",
      "--timezone": "site：时区，如 Asia/Shanghai",
      "--vlan": "vlan：指定编号，不自动选择",
      "--zone": "vlan：所在区域",
      "--length": "vlan：IPv4 前缀长度（默认 24）",
      "--model": "device、server：型号（默认站点中最多的）",
      "--role": "device、server：角色",
      "--network": "device、server：地址所在的网络",
      "--uplink": "device：上联的交换机",
      "--from": "rule：网络、主机、zone:区域 或地址",
      "--to": "rule：网络、主机、zone:区域 或地址",
      "--service": "rule：服务，用逗号分隔",
      "--reason": "rule：原因",
      "--owner": "rule：负责人",
      "--ticket": "rule：申请单号",
    },
  },
  fmt: {
    summary: "统一 YAML 文件的写法，保留注释，并写上供编辑器使用的模式行",
    options: { "--check": "不写文件；有文件需要修改时退出码为 2" },
  },
  query: {
    summary: "按简单条件查询：设备、端口、空闲端口、网络、地址、空闲地址、规则",
    options: { "--format": "table、csv 或 json" },
  },
  diff: {
    summary: "由两个配置文件得出有序且经证明的命令；离线",
    options: {
      "--platform": "iosxe、vrp 等",
      "--management": "从哪个地址管理设备，以便同时证明不会断开",
      "--explain": "每条命令的理由",
      "--exit-code": "有变化时退出码为 2",
      "--batch": "输入输出均为 JSON 行；- 或省略表示标准输入",
    },
  },
  filter: {
    summary: "精确检查、测试或比较配置文件中的报文过滤规则；离线",
    options: {
      "--platform": "iosxe、vrp、nftables 等",
      "--filter": "列表名或编号、源区域->目的区域，或链",
      "--batch": "test：输入输出均为 JSON 行；- 或省略表示标准输入",
    },
  },
  parse: { summary: "显示配置的树，并指出每一行看不懂的内容", options: { "--platform": "iosxe、vrp 等" } },
  lab: {
    summary: "练习设备：启动、停止、状态",
    options: { "--real": "在网络命名空间中使用真实守护进程（Linux，root）" },
  },
  completion: { summary: "输出 bash、zsh 或 fish 的自动补全脚本" },
  doctor: { summary: "本机有什么、缺什么、该输入什么", options: { "--install": "安装缺少的部分" } },
};
