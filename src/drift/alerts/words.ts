import type { AlertSettings } from "../../model/alert.ts";
import type { NoticeKind } from "../incidents/types.ts";

/** The fixed words of a message in one language. */
export interface Words {
  readonly title: (site: string, count: number) => string;
  readonly kinds: Readonly<Record<NoticeKind, string>>;
  readonly changes: Readonly<Record<"added" | "removed" | "changed" | "unsaved", string>>;
  readonly unreadable: (nights: number) => string;
  readonly applied: string;
  readonly running: string;
  readonly by: string;
  readonly byNames: (name: string | undefined, confidence: "named" | "session" | "unknown") => string;
  readonly at: string;
  readonly from: string;
  readonly why: string;
  readonly packet: string;
  readonly unsaved: string;
  readonly repeated: string;
  readonly answer: string;
}

const ENGLISH: Words = {
  title: (site, count) => `Sitewright: ${site}, ${count === 1 ? "1 incident" : `${count} incidents`}`,
  kinds: {
    opened: "new",
    reopened: "back again",
    problem: "keeps coming back",
    changed: "changed again",
    woken: "snooze is over",
    "respond-overdue": "nobody has answered in time",
    "resolve-overdue": "not resolved in time",
    closed: "closed: gone from the device",
  },
  changes: {
    added: "added",
    removed: "removed",
    changed: "changed",
    unsaved: "not saved",
  },
  unreadable: (nights) => `could not be read for ${nights} nights`,
  applied: "was",
  running: "is",
  by: "by",
  byNames: (name, confidence) => {
    if (name === undefined || confidence === "unknown") return "unknown";
    return confidence === "named" ? name : `${name} (only a session at that time)`;
  },
  at: "at",
  from: "from",
  why: "because",
  packet: "passes now",
  unsaved: "not saved: a reboot would undo it",
  repeated: "This message may have reached you before.",
  answer: "Answer with: sitewright incidents ack ID",
};

const CHINESE: Words = {
  title: (site, count) => `Sitewright：${site}，${count} 个事件`,
  kinds: {
    opened: "新事件",
    reopened: "再次出现",
    problem: "反复出现，已转为问题",
    changed: "又被改动",
    woken: "暂缓到期",
    "respond-overdue": "超时未响应",
    "resolve-overdue": "超时未解决",
    closed: "已关闭：设备上已恢复",
  },
  changes: { added: "新增", removed: "删除", changed: "修改", unsaved: "未保存" },
  unreadable: (nights) => `连续 ${nights} 晚无法读取`,
  applied: "原为",
  running: "现为",
  by: "操作人",
  byNames: (name, confidence) => {
    if (name === undefined || confidence === "unknown") return "未知";
    return confidence === "named" ? name : `${name}（仅当时有会话）`;
  },
  at: "时间",
  from: "来源",
  why: "原因",
  packet: "现可通过的报文",
  unsaved: "未保存：重启后会失效",
  repeated: "本消息可能重复送达。",
  answer: "确认：sitewright incidents ack 编号",
};

/** The words of a language. */
export function wordsOf(language: AlertSettings["language"]): Words {
  return language === "zh" ? CHINESE : ENGLISH;
}
