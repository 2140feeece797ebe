import { parse, stringify } from "yaml";

/** Reads YAML that ships with the product (no positions wanted) into plain values.
 *  @throws YAMLParseError where the text is none */
export function parsePlainYaml(text: string): unknown {
  return parse(text, { maxAliasCount: 0 });
}

/** Spells plain values as a YAML file of ours. */
export function spellPlainYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, flowCollectionPadding: false });
}
