import { describe, expect, test } from "vitest";
import { asText, casesOf, changeOf, DIALECTS, expectedOf } from "../../golden/cases.ts";

describe.each(DIALECTS.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
  test.each(casesOf(platform).map((golden) => [golden.name, golden] as const))(
    "%s gives the commands an engineer would type",
    (_, golden) => {
      const change = changeOf(dialect, golden);
      expect(asText(change.commands)).toBe(expectedOf(golden, "remediation"));
      expect(asText(change.rollback)).toBe(expectedOf(golden, "rollback"));
      const errors = change.findings.filter((finding) => finding.severity === "error");
      expect(errors.map((finding) => finding.code)).toEqual(golden.errors);
    },
  );
});
