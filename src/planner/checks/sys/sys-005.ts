import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

const MAX_BYTES = 512 * 1024;
const MAX_LINE_CHARS = 510;
const SHORT_LINES = new Set(["iosxe", "vrp", "comware", "eos"]);

function faultOf(
  platform: string,
  config: string,
): { readonly line?: number; readonly what: string } | undefined {
  if (config.trim() === "") return { what: "is empty" };
  if (config.length > MAX_BYTES) return { what: `has ${config.length} bytes, more than ${MAX_BYTES}` };
  const lines = config.split("\n");
  const at = (test: (line: string) => boolean): number | undefined => {
    const index = lines.findIndex(test);
    return index < 0 ? undefined : index + 1;
  };
  // On Linux indented lines are the text of files, which may hold anything.
  const ours = SHORT_LINES.has(platform) ? /./ : /^\S/;
  const unfilled = at(
    (line) => ours.test(line) && /\{\{[#/]?\w+\}\}|\[object |\bundefined\b|\bNaN\b/.test(line),
  );
  if (unfilled !== undefined) return { line: unfilled, what: "has a line that was not filled in" };
  const control = at((line) => /[\u0000-\u0002\u0004-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(line));
  if (control !== undefined) return { line: control, what: "has a control character" };
  const long = SHORT_LINES.has(platform) ? at((line) => line.length > MAX_LINE_CHARS) : undefined;
  return long === undefined
    ? undefined
    : { line: long, what: `has a line of more than ${MAX_LINE_CHARS} characters` };
}

/** A configuration can be read and taken by its device. */
export const sys005 = defineCheck({
  id: "SYS-005",
  severity: "error",
  needs: "rendered",
  title: { en: "Configurations whole, readable and not too large", zh: "配置完整、可解析且大小合理" },
  rationale: {
    en: "A line that the device cuts off is a line that it refuses, or worse, takes.",
    zh: "被设备截断的行会被拒绝，甚至被错误接受。",
  },
  mend: {
    en: "Shorten descriptions and lists; an unfilled line is a driver's mistake, report it.",
    zh: "缩短描述与列表；未填充的行属驱动缺陷，请上报。",
  },
  find: (site, context) => {
    const missing: string[] = [];
    const problems = site.devices.flatMap((device): Problem[] => {
      const rendered = context.rendered.get(device.id);
      if (rendered === undefined) {
        missing.push(`no rendered configuration of ${device.id}`);
        return [];
      }
      const fault = faultOf(rendered.platform, rendered.config);
      if (fault === undefined) return [];
      return [
        {
          where: fault.line === undefined ? device.origin : { device: device.id, line: fault.line },
          message: `the configuration of ${device.name} ${fault.what}`,
          hint: "look at it with `sitewright render`",
          related: [device.origin],
        },
      ];
    });
    return { problems, missing };
  },
});
