import { parse } from "yaml";

/** Reads YAML that ships with the product (no positions wanted) into plain values.
 *  @throws YAMLParseError where the text is none */
export function parsePlainYaml(text: string): unknown {
  return parse(text, { maxAliasCount: 0 });
}
